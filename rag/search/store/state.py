"""What the truth says about itself: format, origin, model, settings, size and its vectors file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from rag.search.store.schema import FORMAT, PIPELINE


@dataclass(frozen=True, slots=True)
class VectorsFile:
    """The published FAISS file that belongs to the truth.

    Attributes:
        name: Its name in the index's folder.
        sha256: Hex SHA-256 of its bytes; a file with any other is not used.
        kind: How it is built ("flat", "ivf").
        count: Vectors in it.
        newest: Largest passage id in it; passages with larger ids are searched beside it.
    """

    name: str
    sha256: str
    kind: str
    count: int
    newest: int


@dataclass(frozen=True, slots=True)
class State:
    """The one row of the table ``state``.

    Attributes:
        store: Random hex name of this truth.
        folder: Absolute path of the articles' folder.
        embedder: Name of the embedder.
        embedder_digest: Digest of the embedder.
        dimension: Length of a vector.
        passage_tokens: Setting of the same name.
        overlap_sentences: Setting of the same name.
        generation: Rises by one with every transaction.
        complete: Whether the last refresh came to its end.
        articles: Number of articles.
        passages: Number of passages.
        contents: Hex XOR of the checksums of all articles and passages.
        vectors: The published FAISS file; None when there is none.
        pipeline: Version of reading and splitting.
        format: Version of the tables.
    """

    store: str
    folder: str
    embedder: str
    embedder_digest: str
    dimension: int
    passage_tokens: int
    overlap_sentences: int
    generation: int = 0
    complete: bool = False
    articles: int = 0
    passages: int = 0
    contents: str = "0" * 32
    vectors: VectorsFile | None = None
    pipeline: int = PIPELINE
    format: int = FORMAT

    @property
    def version(self) -> tuple[str, int]:
        """Which truth, and its generation: what is equal in this is equal in everything."""
        return self.store, self.generation

    def to_json(self) -> str:
        """Return the row's text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> State:
        """Read the row's text.

        Raises:
            ValueError: It is not a state.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            if values["vectors"] is not None:
                values["vectors"] = VectorsFile(**values["vectors"])
            return cls(**values)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a state: {error}") from error


def mix(contents: str, *checksums: bytes) -> str:
    """XOR checksums into ``State.contents``; mixing one in twice takes it out again."""
    value = int(contents, 16)
    for checksum in checksums:
        value ^= int.from_bytes(checksum, "big")
    return f"{value:032x}"
