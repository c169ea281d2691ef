"""Runs inside the peers' own environment: one peer builds an index, or loads it and searches once.

Called as ``peer_worker.py PEER build|ask MODEL PASSAGES STORE``; prints one JSON object. The peers
are imported by name, because this project does not depend on them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def txtai(model: str, store: str, texts: list[str] | None) -> Callable[[str], Any]:
    """Embeddings of txtai with its default FAISS back end and the texts kept beside it."""
    found = import_module("txtai.embeddings").Embeddings(
        {"path": model, "content": True, "method": "sentence-transformers", "gpu": False}
    )
    if texts is not None:
        found.index((number, text, None) for number, text in enumerate(texts))
        found.save(store)
    else:
        found.load(store)
    return lambda question: found.search(question, 8)


def langchain(model: str, store: str, texts: list[str] | None) -> Callable[[str], Any]:
    """LangChain's FAISS store with its Hugging Face embeddings."""
    embeddings = import_module("langchain_huggingface").HuggingFaceEmbeddings(
        model_name=model, encode_kwargs={"normalize_embeddings": True}
    )
    faiss = import_module("langchain_community.vectorstores").FAISS
    if texts is not None:
        found = faiss.from_texts(texts, embeddings)
        found.save_local(store)
    else:
        found = faiss.load_local(store, embeddings, allow_dangerous_deserialization=True)
    return lambda question: found.similarity_search(question, k=8)


def llama_index(model: str, store: str, texts: list[str] | None) -> Callable[[str], Any]:
    """LlamaIndex with its FAISS vector store and Hugging Face embeddings."""
    core = import_module("llama_index.core")
    stores = import_module("llama_index.vector_stores.faiss")
    embeddings = import_module("llama_index.embeddings.huggingface").HuggingFaceEmbedding(
        model_name=model, device="cpu"
    )
    if texts is not None:
        nodes = [import_module("llama_index.core.schema").TextNode(text=text) for text in texts]
        faiss = import_module("faiss").IndexFlatIP(384)
        context = core.StorageContext.from_defaults(vector_store=stores.FaissVectorStore(faiss))
        found = core.VectorStoreIndex(nodes, storage_context=context, embed_model=embeddings)
        found.storage_context.persist(store)
    else:
        context = core.StorageContext.from_defaults(
            vector_store=stores.FaissVectorStore.from_persist_dir(store), persist_dir=store
        )
        found = core.load_index_from_storage(context, embed_model=embeddings)
    retriever = found.as_retriever(similarity_top_k=8)
    return lambda question: retriever.retrieve(question)


PEERS: dict[str, Callable[[str, str, list[str] | None], Callable[[str], Any]]] = {
    "txtai": txtai,
    "langchain": langchain,
    "llama-index": llama_index,
}


def main() -> None:
    """Do what the command line says and print how long it took, in seconds."""
    peer, mode, model, passages, store = sys.argv[1:]
    texts = json.loads(Path(passages).read_text("utf-8"))
    if mode == "build":
        PEERS[peer](model, f"{store}.warm", texts[:64])  # imports and model loading do not count
        began = time.perf_counter()
        PEERS[peer](model, store, texts)
    else:
        began = time.perf_counter()
        PEERS[peer](model, store, None)(texts[0])
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
