"""Worker: Haystack's documented extractive pipeline with its defaults.

Embedding retriever in memory (ten documents by default) and ``ExtractiveReader`` with its own
"no answer" (on by default). Runs in the peers' environment and imports nothing of this project.
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
os.environ |= {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1",
               "TOKENIZERS_PARALLELISM": "false"}
# A script's own folder comes first on the path, and this file would be found as "haystack".
sys.path = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]

from haystack import Document  # noqa: E402
from haystack.components.embedders import (  # noqa: E402
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack.components.readers import ExtractiveReader  # noqa: E402
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever  # noqa: E402
from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: E402


def main() -> None:
    """Read the task from the named file, write one line per turn to the other."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    documents = SentenceTransformersDocumentEmbedder(model=task["embedder"], progress_bar=False)
    queries = SentenceTransformersTextEmbedder(model=task["embedder"], progress_bar=False)
    reader = ExtractiveReader(model=task["reader"])
    for part in (documents, queries, reader):
        part.warm_up()
    started = STARTED
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        for folder in task["folders"]:
            store = InMemoryDocumentStore()
            store.write_documents(documents.run([
                Document(content=p["text"], meta={"article": p["article"], "start": p["start"]})
                for p in folder["passages"]
            ])["documents"])
            retriever = InMemoryEmbeddingRetriever(store)
            ready = time.perf_counter() - started
            for conversation in folder["conversations"]:
                for turn in conversation["turns"]:
                    before = time.perf_counter()
                    vector = queries.run(turn["question"])["embedding"]
                    found = retriever.run(vector)["documents"]
                    answers = reader.run(query=turn["question"], documents=found)["answers"]
                    best = max(answers, key=lambda a: a.score, default=None)
                    seconds = time.perf_counter() - before
                    out.write(json.dumps(row(turn["id"], best, seconds, ready)) + "\n")
            started = time.perf_counter()


def row(name, best, seconds, ready):
    """One line of the answer file."""
    refused = best is None or best.data is None
    quotes = []
    if not refused:
        at = best.document.meta["start"] + best.document_offset.start
        quotes = [[best.document.meta["article"], at, at + len(best.data)]]
    return {
        "id": name, "outcome": "not_found" if refused else "answered",
        "short": None if refused else best.data, "text": "" if refused else best.data,
        "confidence": 0.0 if refused else float(best.score), "seconds": seconds, "ready": ready,
        "quotes": quotes, "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


if __name__ == "__main__":
    main()
