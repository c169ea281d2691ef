"""The scores of a reader's windows: our own readers on OpenVINO, any other through transformers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag import offline
from rag.errors import ModelError
from rag.reader.windows import Window, windows

if TYPE_CHECKING:
    from rag.encoding.encoder import Encoder

WEIGHTS = Path(__file__).parent / "weights"
MANIFEST = "manifest.json"
# Tokens that neighbouring windows of one passage share: more than the longest answer.
STRIDE = 128
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of one window.

    Attributes:
        start: Start logits, one per token of the window.
        end: End logits, one per token.
        null: Score of "not here", comparable with the sum of a start and an end logit.
        absent: Logit that the passage does not answer, of a head for just that; 0 without one.
    """

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    null: float
    absent: float = 0.0


class SpanModel(Protocol):
    """A model that scores the spans of windows.

    Attributes:
        name: What it was loaded as.
        digest: Hex SHA-256 of its weights.
        rounds: Its scores are rounded on this processor; it can give exact ones, more slowly.
    """

    name: str
    digest: str
    rounds: bool

    def windows(self, question: str, passages: Sequence[str]) -> list[Window]:
        """Return the windows of the passages."""
        ...

    def scores(self, batch: Sequence[Window], exact: bool = False) -> list[Scores]:
        """Return the scores of each window, in the order given; ``exact`` ones unrounded."""
        ...


class OwnModel:
    """A ``BertForQuestionAnswering`` folder on :class:`rag.encoding.encoder.Encoder`.

    Args:
        folder: Holds ``config.json``, ``model.safetensors`` and ``tokenizer.json``.
        name: What it was loaded as.
        checked: Compare the files with the digests in ``manifest.json`` first.

    Raises:
        ModelError: A file is missing, damaged, or not the one that the manifest names.
    """

    def __init__(self, folder: Path, name: str, checked: bool) -> None:
        from rag.encoding.encoder import Encoder

        self.name = name
        self.digest = check(folder) if checked else digest(folder / "model.safetensors")
        self._folder = folder
        self._encoder: Encoder = Encoder(folder, head="span")
        self.rounds = self._encoder.rounds
        self._cls = self._special("[CLS]")
        self._sep = self._special("[SEP]")

    def _special(self, token: str) -> int:
        number = self._encoder.tokenizer.token_to_id(token)
        if number is None:
            raise ModelError(f"reader {self.name!r}: its tokenizer has no {token} token")
        return int(number)

    def windows(self, question: str, passages: Sequence[str]) -> list[Window]:
        """Return the windows of the passages."""
        longest = min(self._encoder.window, _LONGEST)
        stride = min(STRIDE, longest // 4)
        return windows(
            self._encoder.tokenizer, question, passages, self._cls, self._sep, longest, stride
        )

    @cached_property
    def _exact(self) -> Encoder:
        """The same in fp32: 90 MB that only a near tie needs, on a processor that rounds."""
        from rag.encoding.encoder import Encoder

        return Encoder(self._folder, head="span", exact=True)

    def scores(self, batch: Sequence[Window], exact: bool = False) -> list[Scores]:
        """Return the scores of each window, in the order given; ``exact`` ones unrounded."""
        encoder = self._exact if exact and self.rounds else self._encoder
        rows = encoder.run_many(
            [w.ids.tolist() for w in batch], [w.types.tolist() for w in batch]
        )
        made = []
        for span, *heads in rows:
            # The head for "not here" gives one number; one for verdicts, with three, is not used:
            # its verdicts were right too seldom to answer with (see weights/MODEL_CARD.md).
            absent = next((float(head[0]) for head in heads if head.size == 1), 0.0)
            made.append(Scores(span[:, 0], span[:, 1], float(span[0].sum()), absent))
        return made


class TransformersModel:
    """Any ``transformers`` question-answering model that is on this machine, through torch.

    Nothing is downloaded: a name is looked up among the models that are already here.

    Args:
        name: Name or path of the model.

    Raises:
        ModelError: The model is not on this machine or does not answer questions by spans.
    """

    def __init__(self, name: str) -> None:
        try:
            import torch
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        except ImportError as error:
            raise ModelError(
                f"reader {name!r} needs the packages torch and transformers: "
                f"pip install 'torch' 'transformers' ({error})"
            ) from None
        self.name = name
        self.rounds = False
        self._torch: Any = torch
        try:
            with offline.enforced():
                self._tokenizer: Any = AutoTokenizer.from_pretrained(
                    name, local_files_only=True, use_fast=True
                )
                self._model: Any = AutoModelForQuestionAnswering.from_pretrained(
                    name, local_files_only=True
                ).eval()
        except Exception as error:  # the library raises many kinds for one mistake
            first = str(error).strip().splitlines()[:1] or [type(error).__name__]
            raise ModelError(
                f"reader {name!r} cannot be loaded from this machine ({first[0][:200]}); "
                "give the folder of a transformers question-answering model, or 'default'"
            ) from None
        if not self._tokenizer.is_fast:
            raise ModelError(f"reader {name!r} has no fast tokenizer, which offsets need")
        state = hashlib.sha256()
        for key, value in sorted(self._model.state_dict().items()):
            state.update(key.encode())
            state.update(value.detach().float().contiguous().numpy().tobytes())
        self.digest = state.hexdigest()

    def windows(self, question: str, passages: Sequence[str]) -> list[Window]:
        """Return the windows of the passages."""
        longest = min(int(self._tokenizer.model_max_length), _LONGEST)
        asked = self._tokenizer(question, add_special_tokens=False, truncation=True,
                                max_length=longest // 4)
        question = self._tokenizer.decode(asked["input_ids"]) if (
            len(asked["input_ids"]) >= longest // 4) else question
        made: list[Window] = []
        for index, passage in enumerate(passages):
            if not passage.strip():
                continue
            out = self._tokenizer(
                question, passage, truncation="only_second", max_length=longest,
                stride=min(STRIDE, longest // 4), return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
            for encoding in out.encodings:
                made.append(_window(index, encoding))
        return made

    def scores(self, batch: Sequence[Window], exact: bool = False) -> list[Scores]:
        """Return the scores of each window, in the order given; they are exact as they are."""
        torch = self._torch
        results: dict[int, Scores] = {}
        order = sorted(range(len(batch)), key=lambda i: len(batch[i].ids))
        takes_types = "token_type_ids" in self._tokenizer.model_input_names
        for at in range(0, len(order), 8):
            rows = order[at : at + 8]
            longest = max(len(batch[i].ids) for i in rows)
            ids = np.full((len(rows), longest), self._tokenizer.pad_token_id or 0)
            mask = np.zeros((len(rows), longest), dtype=np.int64)
            types = np.zeros((len(rows), longest), dtype=np.int64)
            for row, i in enumerate(rows):
                size = len(batch[i].ids)
                ids[row, :size] = batch[i].ids
                mask[row, :size] = 1
                types[row, :size] = batch[i].types
            inputs = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
            if takes_types:
                inputs["token_type_ids"] = torch.from_numpy(types)
            with torch.inference_mode():
                out = self._model(**inputs)
            starts, ends = out.start_logits.float().numpy(), out.end_logits.float().numpy()
            for row, i in enumerate(rows):
                size = len(batch[i].ids)
                start, end = starts[row, :size], ends[row, :size]
                results[i] = Scores(start, end, float(start[0] + end[0]))
        return [results[i] for i in range(len(batch))]


def _window(passage: int, encoding: Any) -> Window:
    inside = np.asarray([s == 1 for s in encoding.sequence_ids])
    words = encoding.word_ids
    size = len(words)
    offsets = np.where(inside[:, None], np.asarray(encoding.offsets), -1)
    starts = np.asarray(
        [bool(inside[i]) and (not inside[i - 1] or words[i] != words[i - 1]) for i in range(size)]
    )
    ends = np.asarray([
        bool(inside[i]) and (i + 1 == size or not inside[i + 1] or words[i] != words[i + 1])
        for i in range(size)
    ])
    return Window(passage, np.asarray(encoding.ids), np.asarray(encoding.type_ids), offsets,
                  starts, ends)


def digest(path: Path) -> str:
    """Return the hex SHA-256 of a file.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"reader file {path}: {error.strerror or error}") from None


def check(folder: Path) -> str:
    """Compare a folder of weights with its manifest and return the digest of the weights.

    Raises:
        ModelError: The manifest or a file is missing, or a file is not the one it names.
    """
    try:
        wanted = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        weights = str(wanted["model.safetensors"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"reader weights in {folder}: {MANIFEST} is missing or damaged ({error}); "
            "install the package again"
        ) from None
    for name, expected in wanted.items():
        found = digest(folder / name)
        if found != expected:
            raise ModelError(
                f"reader file {folder / name} has digest {found[:12]}…, not {str(expected)[:12]}… "
                "as its manifest says; install the package again"
            )
    return weights
