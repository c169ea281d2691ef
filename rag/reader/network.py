"""The reader as a PyTorch network: a BERT encoder with three small heads, for training only.

Heads, all linear on the last layer (H is the hidden size):

- ``qa_outputs`` (2, H): start and end logit of every token; position 0 stands for "not here"
  (Devlin et al., 2019, SQuAD 2.0).
- ``null_head`` (1, H): logit that the passage does not answer, from [CLS] (the sketchy reader of
  Zhang et al., Retrospective Reader, AAAI 2021).
- ``verdict_head`` (3, H): whether the passage supports, contradicts or is silent about a claim or
  a yes/no question, from [CLS].

The saved form is that of ``transformers.BertForQuestionAnswering``; the two extra heads are
further tensors of the same file, which transformers passes over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

VERDICTS = ("supports", "contradicts", "silent")
_HEADS = {"qa_outputs": 2, "null_head": 1, "verdict_head": len(VERDICTS)}


class Logits(NamedTuple):
    """Outputs for a batch of B pairs of L tokens."""

    start: Tensor  # (B, L)
    end: Tensor  # (B, L)
    null: Tensor  # (B,)
    verdict: Tensor  # (B, 3)


class PooledDropout(nn.Module):
    """Dropout whose masks are slices of one pool of random bits.

    Drawing fresh random numbers costs a third of a training step on a CPU; a random offset into
    a fixed pool costs one multiplication.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self._pool = (torch.rand(2**24) >= p).to(torch.bfloat16) / (1 - p)

    def forward(self, x: Tensor) -> Tensor:
        """Drop elements of ``x`` (any shape) with probability ``p`` while training."""
        if not self.training or self.p == 0:
            return x
        offset = int(torch.randint(0, self._pool.numel() - x.numel(), ()))
        mask = self._pool[offset : offset + x.numel()].view(x.shape)
        return x * mask.to(x.dtype)


class ReaderNetwork(nn.Module):
    """Encoder and heads; build it with :meth:`load`."""

    def __init__(self, config: BertConfig, dropout: float = 0.0, gpu: bool = False) -> None:
        super().__init__()
        config.hidden_dropout_prob = 0.0
        config.attention_probs_dropout_prob = 0.0
        # SDPA's backward pass is slower than plain attention on a CPU, and faster on a GPU.
        config._attn_implementation = "sdpa" if gpu else "eager"
        self.config = config
        self.bert = BertModel(config, add_pooling_layer=False)
        for name, width in _HEADS.items():
            setattr(self, name, nn.Linear(config.hidden_size, width))
        if dropout:
            drop = nn.Dropout(dropout) if gpu else PooledDropout(dropout)
            for layer in self.bert.encoder.layer:
                layer.attention.output.dropout = layer.output.dropout = drop

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Logits:
        """Read a batch.

        Args:
            ids: (B, L) token ids.
            types: (B, L) 0 for the question, 1 for the passage.
            mask: (B, L) 1 for tokens, 0 for padding.
        """
        hidden = self.bert(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        spans = self.qa_outputs(hidden).float()  # type: ignore[operator]
        # A span may begin at a passage token or at [CLS], which stands for "not here".
        allowed = (types == 1) & (mask == 1)
        allowed[:, 0] = True
        spans = spans.masked_fill(~allowed.unsqueeze(-1), -1e4)
        first = hidden[:, 0]
        return Logits(
            spans[..., 0],
            spans[..., 1],
            self.null_head(first).float().squeeze(-1),  # type: ignore[operator]
            self.verdict_head(first).float(),  # type: ignore[operator]
        )

    @classmethod
    def load(cls, folder: Path, dropout: float = 0.0, device: str = "cpu") -> ReaderNetwork:
        """Load an encoder or a reader.

        Args:
            folder: Holds ``config.json`` and ``model.safetensors``, either of a bare BERT
                encoder (heads then start at random) or of a reader.
            dropout: Share of the hidden values dropped while training.
            device: Where it is to run.
        """
        config = BertConfig.from_json_file(str(folder / "config.json"))
        network = cls(config, dropout, gpu=device.startswith("cuda"))
        tensors = {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
        if not any(name.startswith("bert.") for name in tensors):
            tensors = {f"bert.{name}": value for name, value in tensors.items()}
        tensors = {k: v for k, v in tensors.items() if not k.startswith("bert.pooler.")}
        missing, unexpected = network.load_state_dict(tensors, strict=False)
        lost = [k for k in missing if k.split(".")[0] not in _HEADS and "position_ids" not in k]
        unexpected = [k for k in unexpected if "position_ids" not in k]
        if lost or unexpected:
            raise ValueError(f"{folder}: missing {lost[:3]}, unexpected {unexpected[:3]}")
        return network.to(device)

    def save(self, folder: Path, tokenizer: Path) -> None:
        """Write the reader in the form of transformers, weights in fp16.

        Args:
            folder: Where to; made if missing.
            tokenizer: Folder with the ``tokenizer.json`` of the encoder.
        """
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {
            name: value.detach().to(torch.float16).contiguous()
            for name, value in self.state_dict().items()
            if "position_ids" not in name
        }
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        config: dict[str, Any] = self.config.to_dict()
        config["architectures"] = ["BertForQuestionAnswering"]
        config["dtype"] = "float16"
        config["hidden_dropout_prob"] = config["attention_probs_dropout_prob"] = 0.1
        config["verdicts"] = list(VERDICTS)
        text = json.dumps(config, indent=2, sort_keys=True) + "\n"
        (folder / "config.json").write_text(text, encoding="utf-8")
        copy = Tokenizer.from_file(str(tokenizer / "tokenizer.json"))
        copy.no_truncation()  # windows are cut by who reads them
        copy.no_padding()
        copy.save(str(folder / "tokenizer.json"))
        names = {"tokenizer_class": "BertTokenizer", "do_lower_case": True,
                 "model_max_length": self.config.max_position_embeddings}
        text = json.dumps(names, indent=2, sort_keys=True) + "\n"
        (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
        for path in folder.iterdir():
            path.chmod(0o644)
