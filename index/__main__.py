"""The command line of ``python -m index``.

Exit status: 0 done and all is well, 1 ``verify`` found something, 2 a mistake that the person can
mend.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from rag.encoding import embedding
from rag.errors import IndexDamaged, UserError
from rag.options import given_folder
from rag.search import place, upkeep
from rag.search.library import Library
from rag.search.store.state import State
from rag.settings import DEFAULT, Settings

_EXAMPLES = """\
examples:
  python -m index build --articles seeds
  python -m index build --articles news --index index/store/news
  python -m index build --articles news --index index/store/news --fresh
  python -m index describe --articles seeds
  python -m index verify --index index/store/news
  python -m index repair --index index/store/news
  python -m index bench
  python -m index bench --articles 5000 --peers
  python -m index bench --growth 1000000
"""


class Bars:
    """Shows one bar a stage on stderr, with its rate and the time left."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that so many of a stage are done."""
        if stage != self._stage or self._bar is None:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=stage, unit=" articles", disable=None, leave=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    commands: dict[str, Callable[[argparse.Namespace, Bars], int]] = {
        "build": _build,
        "describe": _describe,
        "verify": _verify,
        "repair": _repair,
        "bench": _bench,
    }
    bars = Bars()
    try:
        return commands[options.command](options, bars)
    except UserError as error:
        bars.close()
        print(f"index: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="python -m index", description=__doc__, epilog=_EXAMPLES, formatter_class=shape
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, does in (
        ("build", "build the index of a folder of articles, or bring it up to date"),
        ("describe", "say what an index holds and what it was made with"),
        ("verify", "check everything in an index"),
        ("repair", "make anew what is damaged"),
    ):
        examples = [line for line in _EXAMPLES.splitlines() if f" {name} " in line]
        one = commands.add_parser(
            name,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            epilog="\n".join(["examples:", *examples]),
            formatter_class=shape,
        )
        one.add_argument("--articles", type=given_folder, metavar="FOLDER",
                         help="the folder of articles")
        one.add_argument("--index", type=given_folder, metavar="PLACE",
                         help="the index (default: the user's cache)")
        one.add_argument("--json", action="store_true", help="print JSON")
        if name in ("build", "repair"):
            one.add_argument("--embedder", help="a sentence-transformers model on this machine")
            one.add_argument("--passage-tokens", type=int, metavar="N", help="longest passage")
            one.add_argument(
                "--overlap-sentences", type=int, metavar="N", help="shared by neighbours"
            )
        if name == "build":
            one.add_argument("--fresh", action="store_true", help="delete what is there first")
    bench = commands.add_parser(
        "bench",
        help="measure what building and asking cost",
        description="Measure what building and asking cost, on articles made from the seeds.",
        epilog="\n".join(["examples:", *(x for x in _EXAMPLES.splitlines() if " bench" in x)]),
        formatter_class=shape,
    )
    bench.add_argument("--articles", type=int, default=1000, metavar="N", help="default: 1000")
    bench.add_argument("--runs", type=int, default=3, metavar="N", help="of each (default: 3)")
    bench.add_argument("--peers", action="store_true", help="also LangChain, LlamaIndex, txtai")
    bench.add_argument("--growth", type=int, metavar="N", help="costs from 1,000 to N passages")
    bench.add_argument("--kinds", type=int, nargs="+", metavar="N", help="FAISS kinds at sizes N")
    bench.add_argument("--picture", type=Path, metavar="FILE", help="draw the growth as SVG")
    bench.add_argument("--json", action="store_true", help="print JSON")
    return top


def _bench(options: argparse.Namespace, bars: Bars) -> int:
    from index import bench, growth, kinds, picture

    if options.kinds:
        compared = list(kinds.measure(options.kinds))
        found = [asdict(one) for one in compared]
        print(json.dumps(found) if options.json else kinds.table(compared))
        return 0
    if options.growth:
        steps = []
        for step in growth.measure(options.growth):
            steps.append(step)
            print(f"{step.passages:,} passages measured", file=sys.stderr)
        if options.picture:
            options.picture.write_text(picture.draw(steps), encoding="utf-8")
        found = [asdict(step) for step in steps]
        print(json.dumps(found) if options.json else growth.table(steps))
        return 0
    rows = bench.run(options.articles, options.runs, options.peers)
    print(json.dumps([asdict(one) for one in rows]) if options.json else bench.table(rows))
    return 0


def _build(options: argparse.Namespace, bars: Bars) -> int:
    if options.articles is None:
        raise UserError("build needs --articles FOLDER")
    began = time.perf_counter()
    with Library.open(
        options.articles, options.index, _settings(options), bars, fresh=options.fresh, retry=True
    ) as library:
        bars.close()
        state, skipped = library.state, library.skipped
        took = time.perf_counter() - began
    result = {
        "index": str(library.index),
        "articles": state.articles,
        "passages": state.passages,
        "skipped": [asdict(one) for one in skipped],
        "notices": library.notices,
        "seconds": round(took, 3),
    }
    if options.json:
        print(json.dumps(result))
        return 0
    print(f"{library.index}: {state.articles} articles, {state.passages} passages, {took:.1f} s")
    for one in skipped:
        print(f"skipped {one.name}: {one.reason}")
    return 0


def _describe(options: argparse.Namespace, bars: Bars) -> int:
    found = upkeep.describe(_index(options))
    if options.json:
        print(json.dumps(found))
        return 0
    vectors = found["vectors"]
    skipped = found.pop("skipped")
    sizes = found.pop("bytes")
    found["vectors"] = f"{vectors['name']} ({vectors['kind']})" if vectors else "none"
    for key, value in found.items():
        print(f"{key.replace('_', ' '):<18} {value}")
    for name, size in sizes.items():
        print(f"{name:<18} {size:,} bytes")
    for one in skipped:
        print(f"skipped {one['name']}: {one['reason']}")
    return 0


def _verify(options: argparse.Namespace, bars: Bars) -> int:
    findings = upkeep.verify(_index(options), bars)
    bars.close()
    well = all(one.ok for one in findings)
    if options.json:
        print(json.dumps({"ok": well, "findings": [asdict(one) for one in findings]}))
        return 0 if well else 1
    for one in findings:
        print(f"{'ok ' if one.ok else 'BAD'} {one.part:<8} {one.detail}")
    if not well:
        print(f"mend it: {_command('repair', _index(options))}")
    return 0 if well else 1


def _repair(options: argparse.Namespace, bars: Bars) -> int:
    index = _index(options)
    try:
        done = upkeep.repair(index, bars)
    except IndexDamaged as error:
        was = upkeep.state_of(index)
        folder = options.articles or (Path(was.folder) if was is not None else None)
        if folder is None or not (options.articles or folder.is_dir()):
            raise UserError(
                f"{error.args[0].partition('; mend')[0]}; name its articles, from which it is "
                f"built anew: {_command('repair', index)} --articles FOLDER"
            ) from error
        with Library.open(folder, index, _settings(options, was), bars, fresh=True) as library:
            done = [f"the index was built anew from the {library.state.articles} articles"]
        if was is None:
            done.append(
                "its settings could not be read; those not named are the defaults: embedder "
                f"{library.embedder.name}, passage_tokens={library.settings.passage_tokens}, "
                f"overlap_sentences={library.settings.overlap_sentences}"
            )
    bars.close()
    if options.json:
        print(json.dumps({"done": done}))
    else:
        print("\n".join(done) or "nothing was damaged")
    return 0


def _index(options: argparse.Namespace) -> Path:
    if options.index is not None:
        return Path(options.index).absolute()
    if options.articles is None:
        raise UserError(f"{options.command} needs --index PLACE or --articles FOLDER")
    return place.default_index(options.articles)


def _command(name: str, index: Path) -> str:
    return shlex.join(["python", "-m", "index", name, "--index", str(index)])


def _settings(options: argparse.Namespace, was: State | None = None) -> Settings:
    """Return the settings that were given, the others as an index was made, else the defaults."""
    names = ("embedder", "passage_tokens", "overlap_sentences")
    given = {name: getattr(options, name) for name in names}
    made: dict[str, object] = {}
    if was is not None:
        made = {name: getattr(was, name) for name in names}
        if was.embedder_digest == embedding.BUNDLED_SHA256:
            made["embedder"] = DEFAULT
    return Settings.of(**made | {name: value for name, value in given.items() if value is not None})


if __name__ == "__main__":
    sys.exit(main())
