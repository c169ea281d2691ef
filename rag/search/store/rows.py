"""Rows of the truth: how values become columns, and the checksum that every row carries.

A passage's checksum covers its article's, and the article's covers the digest of its text, so a
row can neither change nor move to another article unnoticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.encoding.bert import Floats
from rag.types import Article, Passage, Span

Field = bytes | str | int | None


def checksum(*fields: Field) -> bytes:
    """Digest fields into 16 bytes, each with its type and length, so that none can shift."""
    total = hashlib.blake2b(digest_size=16)
    for field in fields:
        kind = {bytes: b"b", str: b"s", int: b"i"}.get(type(field), b"n")
        data = field if isinstance(field, bytes) else str(field).encode()
        total.update(kind + len(data).to_bytes(8, "big") + data)
    return total.digest()


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Pack spans as little-endian int32 pairs."""
    flat = [n for span in spans for n in span]
    return struct.pack(f"<{len(flat)}i", *flat)


def unpack_spans(data: bytes) -> tuple[Span, ...]:
    """Read what ``pack_spans`` wrote."""
    flat = struct.unpack(f"<{len(data) // 4}i", data)
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def pack_vector(vector: Floats) -> bytes:
    """Pack a vector as little-endian float16: half the size, cosine within 1e-6 (tested)."""
    return vector.astype("<f2").tobytes()


def unpack_vectors(data: Sequence[bytes], dimension: int) -> Floats:
    """Read vectors as float32, one row each, scaled to length 1 again."""
    matrix = np.frombuffer(b"".join(data), "<f2").astype(np.float32).reshape(-1, dimension)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: Floats = matrix / np.maximum(lengths, np.float32(1e-12))
    return scaled


def source_of(text: str) -> bytes:
    """Digest of an embedded text, by which its vector is found again."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def edge_key(line: str) -> int:
    """Return the key of a line in the table ``edges``: 63 bits of its digest."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True, slots=True)
class Outlined:
    """What is kept of an article's lines, to find those that recur across articles.

    Attributes:
        edges: Its short lines near its ends.
        body: Digests of its long lines.
        applied: Those of ``edges`` that counted as recurring when it was split.
    """

    edges: frozenset[str]
    body: frozenset[str]
    applied: frozenset[str]

    def to_json(self) -> str:
        """Return the column's text."""
        return json.dumps([sorted(self.edges), sorted(self.body), sorted(self.applied)])

    @classmethod
    def from_json(cls, text: str) -> Outlined:
        """Read the column's text."""
        edges, body, applied = json.loads(text)
        return cls(frozenset(edges), frozenset(body), frozenset(applied))


def article_fields(article: Article, outline: str) -> tuple[Field, ...]:
    """Columns of an article from ``name`` to ``text_digest``."""
    return (
        article.name,
        article.digest,
        article.title,
        article.publisher,
        article.author,
        article.published.isoformat() if article.published else None,
        pack_spans(article.furniture),
        outline,
        checksum(article.text),
    )


def passage_fields(passage: Passage, source: bytes) -> tuple[Field, ...]:
    """Columns of a passage from ``ordinal`` to ``source``."""
    return (
        passage.ordinal,
        passage.start,
        passage.end,
        pack_spans(passage.sentences),
        source,
    )


def day(text: str | None) -> dt.date | None:
    """Read a day as it is stored."""
    return dt.date.fromisoformat(text) if text else None
