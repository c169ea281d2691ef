"""Worker: txtai's extractive question answering with its defaults (three contexts, joined).

Runs in the peers' environment and imports nothing of this project. txtai takes the most probable
start and end wherever they are; where the model points at "not here", its own code raises, which
is counted in its favour, as a refusal.
"""

# mypy: ignore-errors
# (what it imports is in the peers' environment, not in ours)

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()
os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
# A script's own folder comes first on the path, and this file would be found as "txtai".
sys.path = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]

from txtai import Embeddings  # noqa: E402
from txtai.pipeline import RAG, Questions  # noqa: E402


def main() -> None:
    """Read the task from the named file, write one line per turn to the other."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    model = Questions(task["reader"])
    embedder = task["embedder"]
    started = STARTED
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        for folder in task["folders"]:
            embeddings = Embeddings(path=embedder, content=True)
            embeddings.index([(n, p["text"], None) for n, p in enumerate(folder["passages"])])
            pipeline = RAG(embeddings, model, output="reference")
            ready = time.perf_counter() - started
            for conversation in folder["conversations"]:
                for turn in conversation["turns"]:
                    before = time.perf_counter()
                    found = ask(pipeline, turn["question"])
                    seconds = time.perf_counter() - before
                    line = row(turn["id"], found, folder["passages"], seconds, ready)
                    out.write(json.dumps(line) + "\n")
            started = time.perf_counter()


def ask(pipeline, question):
    """The answer with its reference, or None."""
    try:
        return pipeline([{"name": "q", "query": question, "question": question}])[0]
    except TypeError:
        return None


def row(name, found, passages, seconds, ready):
    """One line of the answer file."""
    short = (found or {}).get("answer") or None
    quotes = []
    if short:
        for place in [found.get("reference"), *range(len(passages))]:
            passage = passages[int(place)] if place is not None else None
            if passage and short in passage["text"]:
                at = passage["start"] + passage["text"].index(short)
                quotes = [[passage["article"], at, at + len(short)]]
                break
    return {
        "id": name, "outcome": "answered" if short else "not_found", "short": short,
        "text": short or "", "confidence": 0.5, "seconds": seconds, "ready": ready,
        "quotes": quotes, "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


if __name__ == "__main__":
    main()
