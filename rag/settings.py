"""Every setting with its default, in one frozen object.

Settings that shape what is stored (``EMBEDDER``, passage sizes) are recorded in the index and
must match when it is opened; the others may change from question to question.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from rag.errors import SettingsError

DEFAULT = "default"
MOST_PASSAGES = 10_000  # that one question may rank: each costs memory and time


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, with units.

    Attributes:
        embedder: "default" (the bundled all-MiniLM-L6-v2), or the name or path of any
            sentence-transformers model that is on this machine.
        reader: "default" (the bundled reader), or the name or path of any transformers
            question-answering model that is on this machine.
        passage_tokens: Longest passage with its title, in the embedder's tokens; 0 means the
            embedder's whole window.
        overlap_sentences: Sentences that neighbouring passages share.
        candidates: Passages that each ranker (cosine, BM25) proposes, up to 10,000.
        ranking: Which rankers propose: "fused" (both), "dense" (cosine) or "words" (BM25).
        cosine_weight: Share of the cosines in a passage's score, in [0, 1]; the rest is BM25's.
        top_k: Passages that the reader reads, up to 10,000.
        max_risk: Largest accepted share of wrong answers among those given, in (0, 1].
        max_question_chars: Longest accepted question, in characters.
        max_file_bytes: Largest file that is read, in bytes.
        max_text_chars: Longest text that an article may have, in characters.
        max_pages: Largest number of pages of a PDF.
        max_expansion: Largest ratio of unpacked to packed size of a DOCX.
    """

    embedder: str = DEFAULT
    reader: str = DEFAULT
    passage_tokens: int = 0
    overlap_sentences: int = 1
    candidates: int = 50
    ranking: str = "fused"
    cosine_weight: float = 0.8
    top_k: int = 8
    max_risk: float = 0.10
    max_question_chars: int = 2_000
    max_file_bytes: int = 20_000_000
    max_text_chars: int = 5_000_000
    max_pages: int = 2_000
    max_expansion: int = 100

    def __post_init__(self) -> None:
        for name in ("candidates", "top_k", "max_question_chars", "max_file_bytes",
                     "max_text_chars", "max_pages", "max_expansion"):
            self._require(name, getattr(self, name) >= 1, "at least 1")
        for name in ("candidates", "top_k"):
            self._require(name, getattr(self, name) <= MOST_PASSAGES, f"at most {MOST_PASSAGES:,}")
        self._require("passage_tokens", self.passage_tokens == 0 or self.passage_tokens >= 32,
                      "0 (the embedder's window) or at least 32")
        self._require("overlap_sentences", self.overlap_sentences >= 0, "0 or more")
        self._require("ranking", self.ranking in ("fused", "dense", "words"),
                      '"fused", "dense" or "words"')
        self._require("cosine_weight", 0 <= self.cosine_weight <= 1, "between 0 and 1")
        self._require("max_risk", 0 < self.max_risk <= 1, "above 0 and at most 1")

    def _require(self, name: str, holds: bool, wanted: str) -> None:
        if not holds:
            raise SettingsError(f"setting {name}={getattr(self, name)!r} must be {wanted}")

    @classmethod
    def of(cls, **values: object) -> Settings:
        """Build settings from keyword values.

        Raises:
            SettingsError: A name is unknown, or a value has the wrong type or range.
        """
        known = {f.name: f for f in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise SettingsError(f"unknown setting {name!r}; known are {', '.join(known)}")
            wanted = type(known[name].default)
            ok = isinstance(value, (int, float) if wanted is float else wanted)
            if not ok or isinstance(value, bool):
                raise SettingsError(
                    f"setting {name}={value!r} must be of type {wanted.__name__}, "
                    f"not {type(value).__name__}"
                )
        return cls(**values)  # type: ignore[arg-type]
