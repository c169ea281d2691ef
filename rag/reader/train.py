"""Train the reader: ``python -m rag.reader.train --help``.

A run is a folder: ``checkpoint.pt`` (the last state, replaced in one rename), ``log.jsonl`` (loss
and dev figures), ``curve.png`` and ``reader/`` (the result). A run that was stopped goes on from
its checkpoint with the same command, and ends where an uninterrupted one would have.

With ``--teachers`` the run learns from the mean of other readers' probabilities beside the
annotated answers (knowledge distillation: Hinton et al., 2015): several readers in the size of one.
A recipe's source with ``taught = false`` is learnt from its annotations alone, so that a reader
learns something new from it and keeps what its teacher knows (Li and Hoiem, 2016).

The learning rate warms up, stays, and falls linearly to zero over the last part of the run
(warm-up, stable, decay: Hu et al., MiniCPM, 2024), so that a run can be lengthened or cut short
at its checkpoint by another ``--steps``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from rag.encoding.modelfolder import load_tokenizer, special
from rag.errors import ModelError, SettingsError
from rag.reader.curve import plot
from rag.reader.data import read_rows
from rag.reader.features import LAST_SPECIAL, Batch
from rag.reader.losses import loss_of, mean_of, soft_loss
from rag.reader.measure import figures, predict
from rag.reader.network import ReaderNetwork
from rag.reader.supply import Stream


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; see the command line's help for each value."""

    start: Path
    recipe: Path
    data: Path
    out: Path
    dev: tuple[Path, ...] = ()
    steps: int = 2000
    decay: float = 0.5
    warmup: int = 100
    rate: float = 1e-4
    tokens: int = 6144
    dropout: float = 0.05
    masked: float = 0.03
    seed: int = 1
    every: int = 500
    dev_rows: int = 400
    device: str = "cpu"
    workers: int = 0
    teachers: tuple[Path, ...] = ()
    soft: float = 0.7
    keep_words: bool = False
    halt_at: int | None = None


def rate_at(step: int, plan: Plan) -> float:
    """Learning rate of a step, from 0."""
    if step < plan.warmup:
        return plan.rate * (step + 1) / plan.warmup
    falling = max(1, round(plan.steps * plan.decay))
    return plan.rate * min(1.0, max(0.0, (plan.steps - step) / falling))


def inputs(batch: Batch, mask_id: int, masked: float, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """What the network reads, with some of the words hidden.

    Returns:
        ids, types and mask, each (B, L).
    """
    ids = batch.ids
    at = np.arange(ids.shape[1])
    mask = at < batch.sizes[:, None]
    types = mask & (at >= batch.passage_at[:, None])
    if masked:
        hide = np.random.default_rng(seed).random(ids.shape) < masked
        ids = np.where(hide & (ids > LAST_SPECIAL), mask_id, ids)
    ready = [torch.from_numpy(a.astype(np.int64)) for a in (ids, types, mask)]
    return ready[0], ready[1], ready[2]


def mixed(device: str) -> torch.autocast:
    """bf16 where the processor multiplies it itself; elsewhere it is slower than fp32."""
    # Older releases of torch cannot tell what the processor has.
    has: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    fast = device.startswith("cuda") or has.get("avx512_bf16") or has.get("amx_bf16")
    return torch.autocast(device.split(":")[0], dtype=torch.bfloat16, enabled=bool(fast))


def train(plan: Plan) -> Path:
    """Run a plan, or go on with it.

    Returns:
        The folder of the trained reader; where ``halt_at`` stopped it early, of the run.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    torch.set_flush_denormal(True)  # denormals are many times slower on a CPU
    try:
        return _train(plan)
    finally:
        torch.set_flush_denormal(False)


def _train(plan: Plan) -> Path:
    tokenizer = load_tokenizer(plan.start)
    data = Stream(plan.recipe, plan.data, plan.start, plan.tokens, plan.seed, plan.workers)
    network = ReaderNetwork.load(plan.start, plan.dropout, plan.device)
    network.bert.embeddings.word_embeddings.weight.requires_grad_(not plan.keep_words)
    teachers = [ReaderNetwork.load(t, device=plan.device).eval() for t in plan.teachers]
    optimizer = torch.optim.AdamW(groups(network), lr=plan.rate, fused=True)
    checkpoint = plan.out / "checkpoint.pt"
    step = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        step, data.shard, data.at = state["step"], state["shard"], state["at"]
    dev = {path.name.split(".")[0]: _dev_rows(path, plan.dev_rows) for path in plan.dev}
    mask_id = special(tokenizer, "[MASK]")
    network.train()
    running: deque[Tensor] = deque(maxlen=50)
    stop = plan.steps if plan.halt_at is None else min(plan.halt_at, plan.steps)
    with tqdm(total=plan.steps, initial=step, unit="step", smoothing=0.05,
              disable=not sys.stderr.isatty()) as bar, \
            (plan.out / "log.jsonl").open("a", encoding="utf-8") as log:
        began = time.monotonic()
        batches_left = iter(data)
        while step < stop:
            batch = next(batches_left)
            for param in optimizer.param_groups:
                param["lr"] = rate_at(step, plan)
            ids, types, mask = (t.to(plan.device) for t in inputs(
                batch, mask_id, plan.masked, plan.seed * 1_000_003 + step))
            with mixed(plan.device):
                logits = network(ids, types, mask)
            loss = loss_of(logits, batch)
            running.append(loss.detach())
            if teachers and batch.taught:
                with torch.no_grad(), mixed(plan.device):
                    taught = [teacher(ids, types, mask) for teacher in teachers]
                loss = plan.soft * soft_loss(logits, mean_of(taught)) + (1 - plan.soft) * loss
            # The last batch of a length is a small one and must not count like a full one.
            loss = loss * min(1.0, batch.ids.size / plan.tokens)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            bar.update()
            if running and (step == 1 or step % 10 == 0):
                loss_now = float(torch.stack(list(running)).mean())
                _write(log, step=step, loss=round(loss_now, 4),
                       rate=rate_at(step, plan), seconds=round(time.monotonic() - began, 1))
                bar.set_postfix(loss=f"{loss_now:.3f}")
            if step % plan.every == 0 or step == stop:
                _save(checkpoint, network, optimizer, step, data)
                if dev:
                    _write(log, step=step, dev=dev_figures(network, tokenizer, dev, plan.device))
    if stop == plan.steps:
        network.save(plan.out / "reader", plan.start)
    plot(plan.out)
    return plan.out / "reader" if stop == plan.steps else plan.out


def dev_figures(network: ReaderNetwork, tokenizer: Tokenizer, dev: dict[str, list[dict[str, Any]]],
                device: str) -> dict[str, dict[str, float]]:
    """Figures of a network on dev files, by the file's name."""
    network.eval()

    def run(*arrays: NDArray[np.int64]) -> list[NDArray[Any]]:
        with torch.inference_mode(), mixed(device):
            return [t.cpu().numpy() for t in network(
                *(torch.from_numpy(a).to(device) for a in arrays))]

    result = {name: {k: round(v, 4) for k, v in figures(
        rows, predict(run, tokenizer, rows)).items()} for name, rows in dev.items()}
    network.train()
    return result


def groups(network: ReaderNetwork) -> list[dict[str, Any]]:
    """Return the parameters that are trained, those of matrices with weight decay."""
    trained = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
    plain = [p for n, p in trained if p.ndim == 1 or "LayerNorm" in n]
    decayed = [p for n, p in trained if p.ndim > 1 and "LayerNorm" not in n]
    return [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]


def _dev_rows(path: Path, most: int) -> list[dict[str, Any]]:
    rows = list(read_rows(path))
    return rows[:: max(1, len(rows) // most)]


def _write(log: Any, **values: Any) -> None:
    log.write(json.dumps(values) + "\n")
    log.flush()


def _save(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, step: int,
          data: Stream) -> None:
    fresh = path.with_suffix(".new")
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(),
                "random": torch.get_rng_state(), "step": step, "shard": data.shard,
                "at": data.at}, fresh)
    os.replace(fresh, path)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.train", description="Train or fine-tune the reader.",
        epilog="Example: python -m rag.reader.train --start rag/reader/weights --recipe my.toml "
               "--data my-data --out runs/mine --steps 300",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    usual = {f.name: f.default for f in fields(Plan)}
    add("--start", type=Path, required=True, help="encoder or reader to start from")
    add("--recipe", type=Path, required=True, help="TOML file: which data, how much of each")
    add("--data", type=Path, required=True, help="folder of the recipe's files")
    add("--out", type=Path, required=True, help="folder of the run; an old run there goes on")
    add("--dev", type=Path, nargs="*", default=[], help="annotated files to measure on")
    add("--steps", type=int, default=usual["steps"], help="batches in all")
    add("--decay", type=float, default=usual["decay"], help="last share of steps, rate falling")
    add("--warmup", type=int, default=usual["warmup"], help="steps with rising rate")
    add("--rate", type=float, default=usual["rate"], help="highest learning rate")
    add("--tokens", type=int, default=usual["tokens"], help="tokens a batch")
    add("--dropout", type=float, default=usual["dropout"], help="share of hidden values dropped")
    add("--masked", type=float, default=usual["masked"], help="share of input words hidden")
    add("--seed", type=int, default=usual["seed"], help="of the data's order and all chance")
    add("--every", type=int, default=usual["every"], help="steps between checkpoints")
    add("--dev-rows", type=int, default=usual["dev_rows"], help="at most about so many a dev file")
    add("--workers", type=int, default=usual["workers"],
        help="processes that prepare the data ahead; worth it with a GPU")
    add("--teachers", type=Path, nargs="*", default=[], help="readers to learn from, too")
    add("--soft", type=float, default=usual["soft"],
        help="share of the teachers in the loss, the rest is the annotated answers'")
    add("--keep-words", action="store_true",
        help="leave the word vectors as they are: half of the weights, rare words in few examples")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda")
    values = vars(parser.parse_args(argv))
    values["dev"], values["teachers"] = tuple(values["dev"]), tuple(values["teachers"])
    try:
        result = train(Plan(**values))
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
