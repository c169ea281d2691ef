"""Fit the probability of yes and no: ``python -m rag.reader.calibrate_verdicts --help``.

Yes/no questions are asked of folders of their passages, as a person would ask them. The signals of
the reader's verdicts are kept with whether each is right, and a logistic regression over them,
fitted on some questions and judged on others, gives the probability.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from rag import confidence, questions, reader
from rag.library import Library
from rag.reader.calibrate import folder_of, keep, report, write
from rag.reader.data import read_rows
from rag.reader.fitting import brier, crossed, fit, risks_of, shown_of
from rag.settings import Settings
from rag.verdicts import signals

_SAYS = {"yes": "yes", "no": "no", "silent": "", "maybe": ""}


def gather(path: Path, settings: Settings, most: int) -> Iterator[dict[str, Any]]:
    """Ask a file's yes/no questions and yield the signals of every passage's verdict.

    Args:
        path: Rows ``{"context", "question", "verdict" or "answer", "title"?}``; "silent" and
            "maybe" say that nothing decides.
        settings: Those that the calibrator will be used with.
        most: At most about so many questions.

    Yields:
        Cases in the form of :func:`rag.reader.calibrate.gather`.
    """
    rows = list(read_rows(path))
    rows = rows[:: max(1, -(-len(rows) // most))]
    read = reader.load(settings)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        names = folder_of(rows, folder)
        with Library.open(folder, Path(place) / "index", settings) as library:
            for row in tqdm(rows, desc=path.name, disable=not sys.stderr.isatty()):
                right = _SAYS[row.get("verdict") or row["answer"]]
                asked = questions.analyse(row["question"])
                hits = library.search(asked.text, k=settings.top_k)
                found = [c for c in read.read(asked.text, hits, spans=1) if c.verdict is not None]
                told = [signals(asked, found, at) for at in range(len(found))]
                yield {
                    "source": path.name.split(".")[0], "kind": right or "silent",
                    "group": row.get("title") or names[row["context"]],
                    "question": row["question"],
                    "answers": [{"text": says, "right": says == right, "signals": said}
                                for says, said in told],
                }


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.calibrate_verdicts",
        description="Fit the probability of the reader's yes and no.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--reader", default="default", help="the reader to calibrate, a folder or a name")
    add("--fit", type=Path, nargs="+", required=True, help="annotated yes/no questions")
    add("--judge", type=Path, nargs="*", default=[], help="questions that are only judged")
    add("--out", type=Path, required=True, help="folder for the results")
    add("--most", type=int, default=600, help="at most about so many questions a file")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(reader=options.reader)
    for path in [*options.fit, *options.judge]:
        kept = options.out / f"{path.name.split('.')[0]}.signals.jsonl"
        if not kept.exists():
            keep(gather(path, settings, options.most), kept)
    fitted, judged = (
        [[c for c in read_rows(options.out / f"{p.name.split('.')[0]}.signals.jsonl")
          if c["answers"]] for p in paths] for paths in (options.fit, options.judge))
    cases = [case for some in fitted for case in some]
    shown, truth = crossed(cases, "logistic")
    made = replace(fit(cases, "logistic", "the yes/no questions of the model card"),
                   risks=risks_of(shown, truth))
    reports = [{"brier": round(brier(shown, truth), 4)},
               report("cross-validated", cases, shown, truth, made.risks)]
    reports += [report(f"{some[0]['source']} never seen", some, *shown_of(made, some), made.risks)
                for some in judged]
    write(made, options.out / confidence.YES_NO_FILE)
    (options.out / "yesno-report.json").write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    print(json.dumps(reports, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
