"""The reader's forward pass over rows of one length, in pieces that a GPU's compiler fuses.

The same arithmetic as :class:`rag.reader.network.ReaderNetwork`'s, on its own parameters. All
rows stand one after the other in T slots, T the same for every batch, so that what is between the
attentions has one shape and is compiled once; and rows are not padded, so that attention needs no
mask (FlashAttention: Dao et al., NeurIPS 2022).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.reader.network import Logits, ReaderNetwork

Piece = Callable[..., Tensor]


class Fused(nn.Module):
    """A reader's forward pass without padding.

    Args:
        network: Its parameters are used, not copied.
        slots: T, the most tokens a batch.
        dropout: Share of the hidden values dropped while training.
        gpu: Compile, and compute in bf16; else plainly, in fp32.
    """

    def __init__(self, network: ReaderNetwork, slots: int, dropout: float, gpu: bool) -> None:
        super().__init__()
        self.network, self.slots, self.dropout = network, slots, dropout
        self.dtype = torch.bfloat16 if gpu else torch.float32
        pieces: tuple[Piece, Piece] = _compiled() if gpu else (_before, _after)
        self.before, self.after = pieces

    def forward(self, ids: Tensor, passage_at: Tensor) -> Logits:
        """Read a batch.

        Args:
            ids: (B, L) token ids.
            passage_at: (B,) first token of the passage.
        """
        rows, length = ids.shape
        used = rows * length
        at = torch.arange(length, device=ids.device)
        types = (at >= passage_at[:, None]).long()
        bert, config = self.network.bert, self.network.config
        heads = config.num_attention_heads
        drop = self.dropout if self.training else 0.0
        x = bert.embeddings(input_ids=ids, token_type_ids=types)
        x = self._spread(x.reshape(used, -1).to(self.dtype))
        for layer in bert.encoder.layer:
            attention = layer.attention
            own = attention.self
            mixed = self.before(x, own.query.weight, own.query.bias, own.key.weight,
                                own.key.bias, own.value.weight, own.value.bias)
            q, k, v = mixed[:used].view(rows, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
            seen = functional.scaled_dot_product_attention(q, k, v)
            seen = self._spread(seen.transpose(1, 2).reshape(used, -1))
            first, last = attention.output, layer.output
            x = self.after(
                x, seen, first.dense.weight, first.dense.bias, first.LayerNorm.weight,
                first.LayerNorm.bias, layer.intermediate.dense.weight,
                layer.intermediate.dense.bias, last.dense.weight, last.dense.bias,
                last.LayerNorm.weight, last.LayerNorm.bias, config.layer_norm_eps, drop)
        hidden = x[:used].view(rows, length, -1).float()
        spans = self.network.qa_outputs(hidden)  # type: ignore[operator]
        allowed = types == 1
        allowed[:, 0] = True
        spans = spans.masked_fill(~allowed.unsqueeze(-1), -1e4)
        return Logits(spans[..., 0], spans[..., 1],
                      self.network.null_head(hidden[:, 0]).squeeze(-1),  # type: ignore[operator]
                      self.network.verdict_head(hidden[:, 0]))  # type: ignore[operator]

    def _spread(self, x: Tensor) -> Tensor:
        """Fill up to T slots."""
        return functional.pad(x, (0, 0, 0, self.slots - len(x)))


def _before(x: Tensor, wq: Tensor, bq: Tensor, wk: Tensor, bk: Tensor, wv: Tensor, bv: Tensor
            ) -> Tensor:
    """Queries, keys and values: (T, H) to (T, 3H)."""
    weight, bias = torch.cat([wq, wk, wv]).to(x.dtype), torch.cat([bq, bk, bv]).to(x.dtype)
    return functional.linear(x, weight, bias)


def _after(x: Tensor, seen: Tensor, wo: Tensor, bo: Tensor, g1: Tensor, b1: Tensor, wi: Tensor,
           bi: Tensor, wd: Tensor, bd: Tensor, g2: Tensor, b2: Tensor, eps: float, drop: float
           ) -> Tensor:
    """All of a layer that follows its attention: (T, H) to (T, H)."""
    h = _linear(seen, wo, bo)
    x = _norm(x + functional.dropout(h, drop), g1, b1, eps)
    h = _linear(functional.gelu(_linear(x, wi, bi)), wd, bd)
    return _norm(x + functional.dropout(h, drop), g2, b2, eps)


def _linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.linear(x, weight.to(x.dtype), bias.to(x.dtype))


def _norm(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    return functional.layer_norm(x.float(), gain.shape, gain, bias, eps).to(x.dtype)


_kernels: list[Piece] = []


def _compiled() -> tuple[Piece, Piece]:
    """Both pieces compiled, once a process."""
    if not _kernels:
        _kernels.extend(torch.compile(piece, dynamic=False) for piece in (_before, _after))
    return _kernels[0], _kernels[1]
