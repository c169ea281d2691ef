"""Train the verifier: ``python -m rag.reader.verifying --help``.

It learns from questions that the reader was not trained on, each asked of a folder of paragraphs:
of the answers that the reader finds (:mod:`rag.reader.cases`) it brings up the right ones' share
together, or that of "none of them" where none is right (Clark and Gardner, ACL 2018, normalise
over all paragraphs so). A run that was stopped goes on from its checkpoint with the same command.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from rag.encoding.modelfolder import load_tokenizer, special
from rag.errors import ModelError, SettingsError
from rag.language.sentences import split
from rag.reader import Reader, load
from rag.reader.cases import gather, keep
from rag.reader.choosing import VerifierNetwork, examples_of, loss_of, stream
from rag.reader.data import read_rows
from rag.reader.features import LAST_SPECIAL
from rag.reader.measure import Prediction, figures
from rag.reader.model import WEIGHTS
from rag.reader.train import mixed
from rag.reader.verifier import FILE
from rag.settings import Settings
from rag.types import Hit, Passage

_WARMUP, _FALLING = 60, 0.6  # steps of warm-up; the share of the steps over which the rate falls
_MASKED = 0.03  # of the words are hidden


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; see the command line's help for each value."""

    reader: Path
    cases: tuple[Path, ...]
    out: Path
    steps: int = 1500
    rate: float = 5e-4
    rank: int = 32
    tokens: int = 4096
    dropout: float = 0.05
    seed: int = 1
    every: int = 200
    halt_at: int | None = None


def train(plan: Plan) -> Path:
    """Run a plan, or go on with it.

    Returns:
        The file of the verifier; where ``halt_at`` stopped the run early, its checkpoint.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(plan.seed)
    tokenizer = load_tokenizer(plan.reader)
    examples = examples_of([c for path in plan.cases for c in read_rows(path)], tokenizer)
    if not examples:
        raise SettingsError("--cases: no case has an answer, so there is nothing to learn from")
    network = VerifierNetwork(plan.reader, plan.rank, plan.dropout)
    learnt = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=plan.rate, weight_decay=0.01, fused=True)
    checkpoint = plan.out / "checkpoint.pt"
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        done = state["step"]
    stop = plan.steps if plan.halt_at is None else plan.halt_at
    hidden = special(tokenizer, "[MASK]")
    network.train()
    began = time.monotonic()
    with (plan.out / "log.jsonl").open("a", encoding="utf-8") as log, tqdm(
            total=plan.steps, initial=done, unit="step", disable=not sys.stderr.isatty()) as bar:
        for step, batch in enumerate(stream(examples, plan.tokens, plan.seed)):
            if step == stop:
                break
            if step < done:
                continue
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, (step + 1) / _WARMUP, (
                    plan.steps - step) / (_FALLING * plan.steps))
            hide = (torch.rand(batch.ids.shape) < _MASKED) & (batch.ids > LAST_SPECIAL)
            with mixed("cpu"):
                shares = network(batch._replace(ids=batch.ids.masked_fill(hide, hidden)))
            loss = loss_of(shares, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            bar.update()
            log.write(json.dumps({"step": step + 1, "loss": round(loss.item(), 4),
                                  "seconds": round(time.monotonic() - began, 1)}) + "\n")
            if (step + 1) % plan.every == 0 or step + 1 == stop:
                log.flush()
                fresh = checkpoint.with_suffix(".new")
                torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(),
                            "random": torch.get_rng_state(), "step": step + 1}, fresh)
                fresh.rename(checkpoint)
    if stop < plan.steps:
        return checkpoint
    network.save(plan.out / FILE)
    return plan.out / FILE


def measured(rows: Sequence[dict[str, Any]], read: Reader) -> dict[str, dict[str, float]]:
    """Return a reader's figures on passages by themselves, by its margin and with its verifier.

    Args:
        rows: Annotated questions.
        read: Has a verifier.

    Returns:
        What :func:`rag.reader.measure.figures` tells by "margin", by "verifier" and by the sum of
        both.
    """
    given: dict[str, list[Prediction]] = {"margin": [], "verifier": [], "both": []}
    for row in tqdm(rows, disable=not sys.stderr.isatty()):
        text, title = row["context"], row.get("title", "").replace("_", " ")
        hit = Hit(Passage("", 0, 0, len(text), text, tuple(split(text))), title, 1, 1.0)
        for best in read.read(row["question"], [hit], spans=1)[:1]:
            (fit,) = read.verified(row["question"], [best]) or (0.0,)
            scores = {"margin": best.margin, "verifier": fit, "both": best.margin + fit}
            for name, score in scores.items():
                given[name].append(Prediction(best.text, best.start, best.end, score, 0.0))
    return {name: figures(rows, some) for name, some in given.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.verifying", description="Train the verifier of answers.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="ask annotated questions of their paragraphs")
    ask.add_argument("rows", type=Path, help="annotated file, whose questions no reader has seen")
    ask.add_argument("--out", type=Path, required=True, help="file for the cases")
    ask.add_argument("--reader", default="default", help="a folder or a name")
    ask.add_argument("--top-k", type=int, default=8, help="passages that are read")
    ask.add_argument("--hidden", type=float, default=0.3,
                     help="share asked again without their paragraph")
    ask.add_argument("--most", type=int, default=100_000, help="at most about so many questions")
    ask.add_argument("--seed", type=int, default=1, help="of all chance")
    learn = commands.add_parser("train", help="learn from cases")
    add = learn.add_argument
    add("--reader", type=Path, default=WEIGHTS, help="the reader's folder")
    add("--cases", type=Path, nargs="+", required=True, help="files that `ask` wrote")
    add("--out", type=Path, required=True, help="folder of the run")
    add("--steps", type=int, default=1500, help="of training")
    add("--rate", type=float, default=5e-4, help="largest learning rate")
    add("--rank", type=int, default=32, help="of the corrections")
    add("--tokens", type=int, default=4096, help="a step")
    add("--dropout", type=float, default=0.05, help="share of hidden values dropped")
    add("--seed", type=int, default=1, help="of all chance")
    add("--every", type=int, default=200, help="steps between checkpoints")
    tell = commands.add_parser("measure", help="read passages with and without the verifier")
    tell.add_argument("rows", type=Path, nargs="+", help="annotated files")
    tell.add_argument("--reader", default="default", help="a folder or a name")
    options = vars(parser.parse_args(argv))
    try:
        command = options.pop("command")
        if command == "measure":
            read = load(Settings(reader=options["reader"]))
            for path in options["rows"]:
                print(json.dumps({path.name: measured(list(read_rows(path)), read)}))
        elif command == "ask":
            settings = Settings(reader=options["reader"], top_k=options["top_k"])
            made = keep(gather(options["rows"], settings, options["hidden"], options["most"],
                               options["seed"]), options["out"])
            print(f"{options['out']}: {made} cases")
        else:
            print(train(Plan(**{**options, "cases": tuple(options["cases"])})))
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
