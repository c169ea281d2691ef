"""Train the term model: which words of the history belong in the question.

    python -m rag.conversation.train --data DIR --out FOLDER

``DIR`` holds ``train/`` and ``dev/`` with gzipped JSON lines ``{history, question, rewrite}``. A
word of the history is a term when its stem stands in the human rewrite and not in the question
(QuReTeC, Voskarides et al., SIGIR 2020). Only a low-rank correction of the bundled encoder's
weights is learnt (LoRA, Hu et al., ICLR 2022), with a small head, so that the package carries
little more than one megabyte. The run is seeded, keeps its state every few steps, and goes on from
there when it is started again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import nn
from transformers import BertModel

from rag.conversation.encoding import FEATURES
from rag.conversation.examples import Batch, Example, batches, example, rows, tensors
from rag.conversation.synthetic import conversations
from rag.encoding.embedding import BUNDLED_SHA256, bundled_folder
from rag.encoding.modelfolder import load_tokenizer

HUMAN = ("canard", "cast", "ikat", "gecor_camrest")
MADE_FROM = ("squad_dev_minus_xquad", "squadshifts_new_wiki", "squad_train_slice")
DEV = ("canard", "cast")
HIDDEN = 64
KEPT_EVERY = 20
MASKED = 0.05
_MASK, _FIRST_WORD = 103, 999  # piece ids of the encoder's vocabulary


class LowRank(nn.Module):
    """A frozen linear layer with a learnt correction ``x A B``."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        start = torch.randn(layer.in_features, rank) / math.sqrt(layer.in_features)
        self.down = nn.Parameter(start)
        self.up = nn.Parameter(torch.zeros(rank, layer.out_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the layer's output with its correction."""
        return self.layer(x) + (x @ self.down) @ self.up  # type: ignore[no-any-return]


class Terms(nn.Module):
    """The encoder with its low-rank correction and the head."""

    def __init__(self, folder: Path, rank: int) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
        self.bert.requires_grad_(False)
        for block in self.bert.encoder.layer:
            for part in (
                block.attention.self, block.attention.output, block.intermediate, block.output
            ):
                for name, child in list(part.named_children()):
                    if isinstance(child, nn.Linear):
                        setattr(part, name, LowRank(child, rank))
        self.mix = nn.Linear(self.bert.config.hidden_size + FEATURES, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # its random numbers are slow on a CPU; words are masked instead

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return a logit for each word of the batch that counts."""
        last = self.bert(batch.ids, attention_mask=batch.mask, token_type_ids=batch.types)
        states = last.last_hidden_state[batch.rows, batch.pieces].float()
        with torch.autocast("cpu", enabled=False):
            mixed = nn.functional.gelu(self.mix(torch.cat([states, batch.features], -1)))
            return self.out(mixed).squeeze(-1)  # type: ignore[no-any-return]

    def learnt(self) -> dict[str, torch.Tensor]:
        """Return the learnt tensors by name."""
        return {n: p.detach() for n, p in self.named_parameters() if p.requires_grad}


def scores(model: Terms, examples: Sequence[Example]) -> Iterator[tuple[Example, dict[str, float]]]:
    """Yield each example with the highest probability of each stem of its history."""
    with torch.inference_mode():
        for group in batches(examples, 8192, 0):
            with torch.autocast("cpu", torch.bfloat16):
                probability = iter(model(tensors(group)).sigmoid().tolist())
            for one in group:
                found: dict[str, float] = {}
                for root in one.stems:
                    if root is not None and root not in one.asked:
                        found[root] = max(found.get(root, 0.0), next(probability))
                yield one, found


Pairs = Sequence[tuple[frozenset[str], frozenset[str]]]


def measure(pairs: Pairs) -> tuple[float, float, float]:
    """Return precision, recall and F1 of (predicted, gold) sets, counted over all questions."""
    right = sum(len(p & g) for p, g in pairs)
    said, there = sum(len(p) for p, _ in pairs), sum(len(g) for _, g in pairs)
    return right / max(said, 1), right / max(there, 1), 2 * right / max(said + there, 1)


def report(model: Terms | None, examples: Sequence[Example]) -> dict[str, Any]:
    """Measure by source, at the threshold that is best for all together.

    Without a model, the baseline that takes every word of the newest turn is measured.
    """
    found = (
        list(scores(model, examples))
        if model
        else [(e, dict.fromkeys(e.previous, 1.0)) for e in examples]
    )

    def at(cut: float, kind: str) -> tuple[float, float, float]:
        chosen = [(e, f) for e, f in found if e.source.startswith(kind)]
        return measure([(frozenset(s for s, p in f.items() if p >= cut), e.gold)
                        for e, f in chosen])

    best = max((i / 20 for i in range(2, 16)), key=lambda cut: at(cut, "")[2])
    shown = {kind or "all": [round(100 * v, 1) for v in at(best, kind)] for kind in ("", *DEV)}
    return {"threshold": best, "precision, recall, F1": shown}


def train(given: argparse.Namespace, model: Terms, human: list[Example],
          made: list[Example]) -> None:
    """Run all steps, from where the last run stopped if there was one."""
    plan = [
        group
        for epoch in range(given.epochs)
        for group in batches(human + made * (epoch == 0), given.tokens, given.seed + epoch)
    ]
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=given.rate, weight_decay=0.01)
    warm = max(1, len(plan) // 16)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(plan) - s) / (len(plan) - warm)))
    )
    kept = given.out / "state.pt"
    done = 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        done = int(state["done"])
    start, total = time.monotonic(), 0.0
    for step, group in enumerate(plan[done:], done + 1):
        torch.manual_seed(given.seed + step)
        batch = tensors(group)
        hidden = (torch.rand(batch.ids.shape) < MASKED) & (batch.ids >= _FIRST_WORD)
        batch.ids.masked_fill_(hidden, _MASK)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(batch)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, batch.labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        schedule.step()
        total += float(loss.detach())
        if step % KEPT_EVERY == 0 or step == len(plan):
            state = {"model": model.learnt(), "optimizer": optimizer.state_dict(),
                     "schedule": schedule.state_dict(), "done": step}
            torch.save(state, kept.with_suffix(".new"))
            os.replace(kept.with_suffix(".new"), kept)
            mean = total / (step - done)
            spent = time.monotonic() - start
            print(f"{step}/{len(plan)} loss {mean:.4f} {spent:.0f} s", flush=True)


def export(learnt: dict[str, torch.Tensor], about: dict[str, Any], folder: Path) -> None:
    """Write the weights in half precision with what is known of them."""
    raw = save({name: value.half().contiguous() for name, value in learnt.items()})
    (folder / "terms.safetensors").write_bytes(raw)
    known = about | {"encoder": BUNDLED_SHA256, "sha256": hashlib.sha256(raw).hexdigest()}
    (folder / "terms.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def main() -> None:
    """Run the program."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    ask.add_argument("--out", type=Path, required=True, help="folder for the state and the weights")
    ask.add_argument("--start", type=Path, help="learnt tensors to start from")
    ask.add_argument("--epochs", type=int, default=4)
    ask.add_argument("--rate", type=float, default=1e-3)
    ask.add_argument("--rank", type=int, default=16)
    ask.add_argument("--tokens", type=int, default=3072, help="pieces a batch")
    ask.add_argument("--made", type=int, default=6000, help="made follow-ups in the first epoch")
    ask.add_argument("--seed", type=int, default=7)
    given = ask.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    torch.set_flush_denormal(True)
    tokenizer = load_tokenizer(bundled_folder())

    def read(part: str, names: Sequence[str], titles: bool) -> list[Example]:
        files = [given.data / part / f"rewrites_{name}.jsonl.gz" for name in names]
        return [example(tokenizer, row, titles) for file in files for row in rows(file)
                if row["history"] or (titles and part == "train")]

    human = [e for e in read("train", HUMAN, True) if e.encoded.places]
    sources = [r for n in MADE_FROM for r in rows(given.data / "train" / f"{n}.jsonl.gz")]
    made = [example(tokenizer, r, True) for r in conversations(sources, given.made, given.seed)]
    print(f"{len(human)} human and {len(made)} made examples", flush=True)
    model = Terms(bundled_folder(), given.rank)
    if given.start:
        model.load_state_dict(torch.load(given.start, weights_only=True), strict=False)
    train(given, model, human, made)
    dev = {True: read("dev", DEV, True), False: read("dev", DEV, False)}
    figures = {}
    for titles, examples in dev.items():
        name = "with titles" if titles else "without titles"
        figures[name] = report(model, examples)
        figures[f"{name}, previous turn"] = report(None, examples)
        print(name, figures[name], "previous turn", figures[f"{name}, previous turn"], flush=True)
    cut = figures["with titles"]["threshold"]
    export(model.learnt(), {"threshold": cut, "dev": figures}, given.out)


if __name__ == "__main__":
    main()
