"""What lies in the folder of a BERT: its configuration, its tokenizer and its weights."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.encoding.bert import ACTIVATIONS, Floats
from rag.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model's configuration.

    Raises:
        ModelError: It is missing or damaged, or of a model that ``rag.encoding.bert`` does not
            cover.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no model in {folder}: {path.name} cannot be read ({error})") from error
    if not isinstance(config, dict) or config.get("model_type") != "bert":
        found = config.get("model_type") if isinstance(config, dict) else config
        raise ModelError(f"the model in {folder} is of type {found!r}; this encoder runs 'bert'")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise ModelError(f"the model in {folder} has relative positions, which are not supported")
    if config.get("hidden_act") not in ACTIVATIONS:
        raise ModelError(
            f"the model in {folder} uses the activation {config.get('hidden_act')!r}; "
            f"supported are {', '.join(ACTIVATIONS)}"
        )
    return config


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return a model's tokenizer with truncation and padding switched off.

    Raises:
        ModelError: ``tokenizer.json`` is missing or damaged.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # tokenizers raises bare Exception for bad files
        raise ModelError(f"the model in {folder} has no usable {path.name} ({error})") from error
    with contextlib.suppress(ValueError):
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def read_weights(folder: Path) -> dict[str, Floats]:
    """Return a model's weights in fp32, by the names of ``transformers``' ``BertModel``.

    Raises:
        ModelError: They are missing or damaged.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / "model.safetensors"
    weights: dict[str, Floats] = {}
    try:
        with safe_open(path, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 - not a mapping
                value = file.get_tensor(name)
                if value.dtype.kind == "f":
                    weights[name.removeprefix("bert.")] = value.astype(np.float32, copy=False)
    except (OSError, SafetensorError, TypeError) as error:
        raise ModelError(f"the model in {folder} has no usable {path.name} ({error})") from error
    return weights


def special(tokenizer: Tokenizer, token: str) -> int:
    """Return the id of a special token.

    Raises:
        ModelError: The tokenizer has none, so it is not a BERT's.
    """
    number: int | None = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"the tokenizer has no {token} token; a BERT's is needed")
    return number
