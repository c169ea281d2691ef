"""The command line of the evaluation: arguments in, exit status out.

Exit status: 0 fine, 1 under a bar that was set (``--fail-under``, ``--against``), 2 a user's
mistake, in one line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from eval import authoring, changes, check, results
from eval.cases import KINDS, QuestionSet, load
from eval.convert import CONVERTERS
from eval.measures import MEANINGS, TITLES
from eval.records import Record
from eval.run import RUNS, SETS, run
from eval.statistics import estimate
from eval.tables import by_kind, text_table
from eval.texts import texts_in
from rag.errors import UserError
from rag.settings import Settings

LOWER_IS_BETTER: Final = frozenset({"ece", "p50", "p95"})

EXAMPLES: Final = """
examples:
  python -m eval                                   every set, one table
  python -m eval --set seeds --report runs/report  one set, with an HTML report
  python -m eval --fail-under right=85 --fail-under refusal_recall=90
  python -m eval --against eval/results/COMMIT.json
  python -m eval compare                           our defaults against other settings
  python -m eval init my-set --articles my-articles
  python -m eval add my-set "Who built the mill?"
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line; ``sys.argv`` by default.

    Returns:
        The exit status.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in _COMMANDS and given[0] not in ("-h", "--help")):
        given.insert(0, "run")
    options = _parser().parse_args(given)
    try:
        return int(_COMMANDS[options.command](options))
    except UserError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("eval: stopped; the same command goes on from here", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.save and options.kind:
        raise UserError("--save keeps whole runs; leave --kind out")
    settings = parse_settings(options.setting)
    bars = [_bar(bar) for bar in options.fail_under]
    baseline = results.load(options.against) if options.against else None
    sets = _of_kinds(_sets(options.set), options.kind)
    records = run(sets, settings, fresh=options.fresh, quiet=options.quiet)
    result = results.of_run(sets, records, settings)
    failed = [name for name, low in bars if not _above(records, name, low)]
    if options.json:
        print(json.dumps({name: {"value": e.value, "low": e.low, "high": e.high, "n": e.n}
                          for name, e in estimate(records).items()}, indent=1))
    else:
        _print_tables(sets, records)
    if options.save:
        path = results.RESULTS / f"{result.commit[:12]}.json"
        results.save(result, path)
        print(f"saved to {path}", file=sys.stderr)
    if options.report:
        from eval.report import write_report

        for path in write_report(result, options.report, baseline):
            print(f"report: {path}", file=sys.stderr)
    if baseline:
        found = changes.changes(baseline.records, records)
        print(f"\nagainst {baseline.commit[:12]} of {baseline.measured}:\n"
              f"{changes.as_text(found)}")
        failed += found.worse
    for name in failed:
        print(f"eval: {name} is under the bar", file=sys.stderr)
    return 1 if failed else 0


def _print_tables(sets: Sequence[QuestionSet], records: Sequence[Record]) -> None:
    for question_set in [*sets, None] if len(sets) > 1 else sets:
        own = [r for r in records if question_set is None or r.set == question_set.name]
        rows = by_kind(own)
        counts = {kind: sum(r.kind == kind for r in own) for kind, _ in rows[1:]}
        counts["all"] = len(own)
        title = question_set.title if question_set else "all sets together"
        name = f"{question_set.name}: " if question_set else ""
        print(f"\n{name}{title}")
        print(text_table(rows, counts))
    print("\nper cent, ± half of the 95 % interval; times in milliseconds; python -m eval --help")


def _above(records: Sequence[Record], name: str, bar: float) -> bool:
    found = estimate(records, intervals=False).get(name)
    if found is None:
        raise UserError(f"--fail-under {name}: the sets have no turn that it counts")
    value = found.value * (1 if name in ("p50", "p95") else 100)
    return value <= bar if name in LOWER_IS_BETTER else value >= bar


def _bar(text: str) -> tuple[str, float]:
    name, sign, number = text.rpartition("=")
    name = name if sign else "right"
    if name not in TITLES:
        raise UserError(f"--fail-under {text}: no measure {name!r}; known are {', '.join(TITLES)}")
    try:
        return name, float(number)
    except ValueError:
        raise UserError(f"--fail-under {text}: {number!r} is not a number") from None


def parse_settings(pairs: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value`` pairs as settings of the assistant.

    Raises:
        UserError: A pair has no such form, name or value.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign:
            raise UserError(f"setting {pair!r} must be written name=value")
        try:
            values[name] = json.loads(text)
        except json.JSONDecodeError:
            values[name] = text
    Settings.of(**values)
    return values


def _sets(names: Sequence[str]) -> list[QuestionSet]:
    folders = [
        Path(name) if (Path(name) / "set.json").is_file() or "/" in name else SETS / name
        for name in names
    ] or sorted(path.parent for path in SETS.glob("*/set.json"))
    sets = [load(folder) for folder in folders]
    if not any(s.conversations for s in sets):
        raise UserError(f"no questions in {', '.join(map(str, folders)) or SETS}; add one with: "
                        'python -m eval add FOLDER "QUESTION"')
    return sets


def _of_kinds(sets: Sequence[QuestionSet], kinds: Sequence[str]) -> list[QuestionSet]:
    """Keep the conversations that have a turn of one of the kinds; all without kinds."""
    kept = [
        replace(s, conversations=tuple(
            c for c in s.conversations if not kinds or any(t.kind in kinds for t in c.turns)
        ))
        for s in sets
    ]
    kept = [s for s in kept if s.conversations]
    if not kept:
        raise UserError(f"no conversation has a turn of kind {' or '.join(kinds)}")
    return kept


def _check(options: argparse.Namespace) -> int:
    found = 0
    for question_set in _sets(options.sets):
        faults = check.faults(question_set, texts_in)
        found += len(faults)
        for fault in faults:
            print(fault)
        print(f"{question_set.name}: {len(question_set.conversations)} conversations, "
              f"{sum(1 for _ in question_set.turns())} turns, {len(faults)} faults")
    return 1 if found else 0


def _table(options: argparse.Namespace) -> int:
    table = results.results_table(results.newest(), options.all)
    if options.write is None:
        print(table)
    elif results.write_table(options.write, table):
        print(f"wrote the table to {options.write}", file=sys.stderr)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from eval.compare import MARKERS, compare

    configurations = {}
    for text in options.configuration:
        name, sign, rest = text.partition(":")
        if not sign or not name:
            raise UserError(f"configuration {text!r} must be written name:setting=value,...")
        configurations[name] = parse_settings([p for p in rest.split(",") if p])
    table = compare(_sets(options.set), configurations, RUNS, quiet=options.quiet,
                    times=not options.no_times)
    print(table)
    if options.write:
        results.write_table(options.write, table, MARKERS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description=__doc__.splitlines()[0] if __doc__ else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=EXAMPLES + "\nmeasures:\n"
        + "\n".join(f"  {name:<20}{MEANINGS[name]}" for name in TITLES),
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("run", help="run sets and print the table (the default)")
    one.add_argument("--set", action="append", default=[], metavar="NAME",
                     help="a set of eval/sets, or a folder; all by default; may be repeated")
    one.add_argument("--kind", action="append", default=[], choices=KINDS,
                     help="only conversations with such a turn; may be repeated")
    one.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE",
                     help="a setting of the assistant, such as top_k=4; may be repeated")
    one.add_argument("--fail-under", action="append", default=[], metavar="MEASURE=PERCENT",
                     help="exit with 1 below this (above it, for ece, p50 and p95)")
    one.add_argument("--against", type=Path, metavar="FILE",
                     help="a kept result: test the differences, exit with 1 if worse")
    one.add_argument("--report", type=Path, metavar="FOLDER",
                     help="write report.html and report.md there")
    one.add_argument("--save", action="store_true", help="keep eval/results/COMMIT.json")
    one.add_argument("--fresh", action="store_true", help="forget what was asked before")
    one.add_argument("--json", action="store_true", help="print the measures as JSON")
    one.add_argument("--quiet", action="store_true", help="no progress bar")
    two = commands.add_parser("compare", help="run several settings side by side")
    two.add_argument("configuration", nargs="*", metavar="NAME:SETTING=VALUE,...",
                     help="a name and its settings; a list of ours by default")
    two.add_argument("--set", action="append", default=[], metavar="NAME")
    two.add_argument("--quiet", action="store_true", help="no progress bar")
    two.add_argument("--no-times", action="store_true", help="leave the times out")
    two.add_argument("--write", type=Path, metavar="FILE",
                     help="put the table between FILE's markers compare:begin and compare:end")
    three = commands.add_parser("check", help="check sets against their articles")
    three.add_argument("sets", nargs="*", metavar="SET")
    four = commands.add_parser("table", help="the table of the newest kept result")
    four.add_argument("--write", type=Path, metavar="FILE", help="put it between FILE's markers")
    four.add_argument("--all", action="store_true", help="every measure, with its interval")
    authoring.add_parsers(commands)
    five = commands.add_parser("convert", help="make a set from a public benchmark's files")
    five.add_argument("form", choices=sorted(CONVERTERS))
    five.add_argument("source", type=Path)
    five.add_argument("folder", type=Path, help="the set to make")
    five.add_argument("--limit", type=int, default=0, metavar="N", help="first N questions only")
    six = commands.add_parser("signals", help="write the signals that a calibrator is fitted on")
    six.add_argument("sets", nargs="+", metavar="SET")
    six.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON lines")
    six.add_argument("--share", type=float, default=0.15,
                     help="share asked again with their passages left out, and with a swap each")
    six.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE")
    return parser


def _signals(options: argparse.Namespace) -> int:
    from eval import signals
    from rag.reader.cases import keep

    settings = Settings.of(**parse_settings(options.setting))
    with tempfile.TemporaryDirectory() as place:
        found = signals.gather(_sets(options.sets), settings, Path(place), options.share)
        count = keep(found, options.out)
    print(f"{options.out}: {count} cases; fit a calibrator with: "
          f"python -m rag.reader.calibrate --cases {options.out} --fit ... --out ...")
    return 0


def _convert(options: argparse.Namespace) -> int:
    made = CONVERTERS[options.form](options.source, options.folder, options.limit)
    print(f"{options.folder}: {made} questions; run them with: "
          f"python -m eval --set {options.folder}")
    return 0


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "run": _run, "compare": _compare, "check": _check, "table": _table, "convert": _convert,
    "signals": _signals,
    **authoring.COMMANDS,
}
