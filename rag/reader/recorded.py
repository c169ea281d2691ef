"""A reader's training step on a GPU, recorded once for each length of its examples and replayed.

The network is small: launched one by one, its kernels wait for the processor that launches them
(a step of 16,384 tokens took 21 ms, one of 49,152 took 26). A CUDA graph launches all of a step
at once. The arithmetic is that of :class:`rag.reader.network.ReaderNetwork`, in bf16, with the
weights kept in fp32 (mixed precision: Micikevicius et al., ICLR 2018); rows of a batch are equally
long, so that attention needs no mask (FlashAttention: Dao et al., NeurIPS 2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from rag.reader.features import LAST_SPECIAL
from rag.reader.losses import Told, hard_loss, soft_loss
from rag.reader.network import Logits, ReaderNetwork
from rag.reader.pool import Group, Pool
from rag.reader.train import groups

Weights = Mapping[str, Tensor]
_WORDS = "bert.embeddings.word_embeddings.weight"


@dataclass(slots=True)
class _Record:
    """What stands ready for one length: a batch's place in memory, and what runs on it."""

    ids: Tensor
    labels: Tensor
    verdicts: Tensor
    told: Told | None
    loss: Tensor
    graph: Any


class Recorded:
    """Trains one network on a pool, or one after another in the same place.

    Args:
        network: Its weights are trained in place.
        pool: What it is trained on.
        mask_id: Token that stands for a hidden word.
        dropout: Share of the hidden values dropped.
        masked: Share of the words hidden.
        soft: Share of the teachers in the loss, where there are any.

    Without a GPU the same steps are taken plainly, in fp32.
    """

    def __init__(self, network: ReaderNetwork, pool: Pool, mask_id: int, dropout: float = 0.05,
                 masked: float = 0.03, soft: float = 0.7) -> None:
        self.network, self.pool, self.mask_id = network, pool, mask_id
        self.dropout, self.masked, self.soft = dropout, masked, soft
        self.device = next(network.parameters()).device
        self.gpu = self.device.type == "cuda"
        self.names = [n for n, _ in network.named_parameters()]
        self.kept: list[Tensor] = list(network.parameters())
        self.grads = [torch.zeros_like(kept) for kept in self.kept]
        for kept, grad in zip(self.kept, self.grads, strict=True):
            kept.grad = grad
        self.work = [k.detach().to(torch.bfloat16 if self.gpu else torch.float32)
                     .requires_grad_() for k in self.kept]
        self.rate = torch.zeros((), device=self.device)
        self.optimizer = self._optimizer()
        self._records: dict[tuple[int, bool], _Record] = {}
        self._memory: Any = None
        self._update: Any = None

    def begin(self, network: ReaderNetwork) -> None:
        """Train from the weights of another network, with a fresh optimizer."""
        with torch.no_grad():
            for kept, value in zip(self.kept, network.parameters(), strict=True):
                kept.copy_(value)
            for state in self.optimizer.state.values():
                for value in state.values():
                    value.zero_()
            torch._foreach_copy_(self.work, [k.detach() for k in self.kept])

    def step(self, length: int, rows: Tensor, rate: float) -> Tensor:
        """Take one step on some examples of a length.

        Returns:
            Their mean loss, overwritten by the next step on examples of this length.
        """
        group = self.pool.groups[length]
        key = length, group.told is not None
        if key not in self._records:
            self._records[key] = self._record(group, rows)
        record = self._records[key]
        self._fill(record, group, rows)
        self.rate.fill_(rate)
        if record.graph is None:
            self._learn(record)
            self._apply()
            return record.loss
        record.graph.replay()
        if self._update is None:
            self._update = self._captured(self._apply)
        self._update.replay()
        return record.loss

    def _optimizer(self) -> torch.optim.Optimizer:
        optimizer = torch.optim.AdamW(
            groups(self.network), lr=self.rate, fused=self.gpu, capturable=self.gpu)
        for group in optimizer.param_groups:
            group["lr"] = self.rate  # the very tensor: a recorded step reads it
        return optimizer

    def _record(self, group: Group, rows: Tensor) -> _Record:
        told = group.told and Told(*(part[rows].clone() for part in group.told))
        record = _Record(group.ids[rows].clone(), group.labels[rows].clone(),
                         group.verdicts[rows].clone(), told,
                         torch.zeros((), device=self.device), None)
        if self.gpu:
            record.graph = self._captured(lambda: self._learn(record))
        return record

    def _captured(self, work: Any) -> Any:
        """Record what some work launches, after two tries that fill the caches of its kernels."""
        before = [k.detach().clone() for k in self.kept]
        old = [{k: v.clone() for k, v in s.items()} for s in self.optimizer.state.values()]
        side: Any = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(2):
                work()
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._memory):
            work()
        self._memory = self._memory or graph.pool()
        with torch.no_grad():  # as it was before the tries
            torch._foreach_copy_(self.kept, before)
            torch._foreach_copy_(self.work, before)
            for at, state in enumerate(self.optimizer.state.values()):
                for name, value in state.items():
                    value.copy_(old[at][name]) if old else value.zero_()
        return graph

    @staticmethod
    def _fill(record: _Record, group: Group, rows: Tensor) -> None:
        pairs = [(record.ids, group.ids), (record.labels, group.labels),
                 (record.verdicts, group.verdicts)]
        if record.told is not None and group.told is not None:
            pairs += list(zip(record.told, group.told, strict=True))
        for place, source in pairs:
            torch.index_select(source, 0, rows, out=place)

    def _learn(self, record: _Record) -> None:
        """Compute the gradients of a batch."""
        ids, labels = record.ids.long(), record.labels.long()
        if self.masked:
            hide = (torch.rand(ids.shape, device=ids.device) < self.masked) & (ids > LAST_SPECIAL)
            ids = ids.masked_fill(hide, self.mask_id)
        logits = forward(dict(zip(self.names, self.work, strict=True)), self.network.config, ids,
                         labels[:, 0], self.dropout)
        loss = hard_loss(logits, labels[:, 1], labels[:, 2], record.verdicts.float())
        if record.told is not None:
            told = Told(*(part.float() for part in record.told))
            loss = self.soft * soft_loss(logits, told) + (1 - self.soft) * loss
        found = torch.autograd.grad(loss, self.work)
        torch._foreach_copy_(self.grads, list(found))
        record.loss.copy_(loss.detach())

    def _apply(self) -> None:
        """Take a step along the gradients, clipped to a norm of 1."""
        with torch.no_grad():
            norm = torch.linalg.vector_norm(torch.stack(list(torch._foreach_norm(self.grads))))
            torch._foreach_mul_(self.grads, (1.0 / (norm + 1e-6)).clamp(max=1.0))
            self.optimizer.step()
            torch._foreach_copy_(self.work, [k.detach() for k in self.kept])


def forward(weights: Weights, config: Any, ids: Tensor, passage_at: Tensor, dropout: float
            ) -> Logits:
    """Read a batch of rows without padding.

    Args:
        weights: By the names of :class:`ReaderNetwork`, all of one type.
        config: The network's.
        ids: (B, L) token ids.
        passage_at: (B,) first token of the passage.
        dropout: Share of the hidden values dropped.
    """
    rows, length = ids.shape
    heads, eps = config.num_attention_heads, config.layer_norm_eps
    types = torch.arange(length, device=ids.device) >= passage_at[:, None]
    stem = "bert.embeddings"
    kinds = weights[f"{stem}.token_type_embeddings.weight"]
    x = (_Words.apply(weights[_WORDS], ids)  # type: ignore[no-untyped-call]
         + weights[f"{stem}.position_embeddings.weight"][:length] + kinds[0]
         + types.unsqueeze(-1).to(kinds.dtype) * (kinds[1] - kinds[0]))
    x = functional.layer_norm(x, x.shape[-1:], weights[f"{stem}.LayerNorm.weight"],
                              weights[f"{stem}.LayerNorm.bias"], eps)
    x = x.reshape(rows * length, -1)
    for layer in range(config.num_hidden_layers):
        own = f"bert.encoder.layer.{layer}"
        parts = [f"{own}.attention.self.{part}" for part in ("query", "key", "value")]
        mixed = functional.linear(x, torch.cat([weights[f"{p}.weight"] for p in parts]),
                                  torch.cat([weights[f"{p}.bias"] for p in parts]))
        q, k, v = mixed.view(rows, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v)
        seen = seen.transpose(1, 2).reshape(rows * length, -1)
        after = [weights[f"{own}.{name}.{kind}"] for name in _AFTER for kind in ("weight", "bias")]
        x = _after(x, seen, after, eps, dropout)
    hidden = x.view(rows, length, -1)

    def head(name: str, of: Tensor) -> Tensor:
        return functional.linear(of, weights[f"{name}.weight"], weights[f"{name}.bias"]).float()

    spans = head("qa_outputs", hidden)
    allowed = types.clone()
    allowed[:, 0] = True
    spans = spans.masked_fill(~allowed.unsqueeze(-1), -1e4)
    first = hidden[:, 0]
    return Logits(spans[..., 0], spans[..., 1], head("null_head", first).squeeze(-1),
                  head("verdict_head", first))


_AFTER = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense",
          "output.dense", "output.LayerNorm")


def _after(x: Tensor, seen: Tensor, weights: Sequence[Tensor], eps: float, dropout: float
           ) -> Tensor:
    """All of a layer that follows its attention: (T, H) to (T, H)."""
    wo, bo, g1, b1, wi, bi, wd, bd, g2, b2 = weights
    h = functional.linear(seen, wo, bo)
    x = functional.layer_norm(x + functional.dropout(h, dropout), g1.shape, g1, b1, eps)
    h = functional.linear(functional.gelu(functional.linear(x, wi, bi)), wd, bd)
    return functional.layer_norm(x + functional.dropout(h, dropout), g2.shape, g2, b2, eps)


class _Words(torch.autograd.Function):
    """Word vectors; torch's own gradient of them sorts, and may wait for the GPU."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, ids: Tensor) -> Tensor:
        ctx.save_for_backward(ids)
        ctx.rows, ctx.dtype = len(table), table.dtype
        return functional.embedding(ids, table)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        (ids,) = ctx.saved_tensors
        total = torch.zeros(ctx.rows, grad.shape[-1], device=grad.device)
        total.index_add_(0, ids.reshape(-1), grad.reshape(-1, grad.shape[-1]).float())
        return total.to(ctx.dtype), None
