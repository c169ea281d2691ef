"""Other question answering libraries on the same questions: ``python -m eval.peers``.

Each system runs in a process of its own, the peers in an environment of their own, over the same
passages, with the same embedder and our reader's weights; a worker asks, this side judges. The
workers are scripts that import nothing of this project but ``rag`` in our own.
"""
