"""Worker: this project's assistant, asked through the protocol of ``eval.peers``."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from rag import Assistant
from rag.types import Turn


def main() -> None:
    """Read the task from the named file, write one line per turn to the other."""
    started = time.perf_counter()
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        for folder in task["folders"]:
            assistant = Assistant.open(folder["path"], Path(task["scratch"]) / folder["key"])
            _ = assistant.models
            ready = time.perf_counter() - started
            for conversation in folder["conversations"]:
                history: list[Turn] = []
                for turn in conversation["turns"]:
                    before = time.perf_counter()
                    answer = assistant.ask(turn["question"], history)
                    seconds = time.perf_counter() - before
                    history.append(Turn(turn["question"], answer.question, answer))
                    out.write(json.dumps({
                        "id": turn["id"], "outcome": answer.outcome, "short": answer.short,
                        "text": answer.text, "confidence": answer.confidence,
                        "seconds": seconds, "ready": ready,
                        "quotes": [[c.article, c.start, c.end] for c in answer.citations],
                        "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                    }) + "\n")
            assistant.close()
            started = time.perf_counter()


if __name__ == "__main__":
    main()
