"""Reports, tables, charts and comparisons: what is in them, and that nothing can break out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from eval import charts
from eval.compare import as_markdown as compare_markdown
from eval.records import Record
from eval.report import as_html, as_markdown, write_report
from eval.results import ENOUGH, Result, results_table
from eval.statistics import Estimate
from eval.tables import by_kind, cell, interval, markdown_table, text_table

HOSTILE = '"><script>alert(1)</script><img src=http://x/y onerror=alert(1)> | [a](javascript:b)'


def as_record(name: str, right: bool = True, kind: str = "fact", expected: str = "answered",
              outcome: str = "answered", text: str = "t", confidence: float = 0.75) -> Record:
    judged = {"right": right, "reason": "" if right else "another answer", "em": float(right),
              "f1": float(right), "cited": 1, "holding": int(right), "verbatim": 1,
              "statements": 1, "supported": int(right), "resolution": None}
    return Record("s", name, f"{name}#1", kind, text, expected, text, outcome, text, text,
                  confidence, text, [[text, text]], judged, {"RR": 0.5}, 0.25, {"why": text})


def as_result(*records: Record) -> Result:
    return Result("c" * 40, True, "2024-01-01T00:00:00+00:00", {"cpus": 2}, {"top_k": 4},
                  {"s": "A <set>"}, records)


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_page_loads_nothing_and_text_makes_no_tags() -> None:
    plain = Tags(as_html(as_result(as_record("a", False, text="plain"))))
    hostile = Tags(as_html(as_result(as_record("a", False, text=HOSTILE))))
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert {"src", "href", "srcset", "onerror", "action"}.isdisjoint(
        name for _, attributes in hostile.found for name in attributes)
    assert sum(tag == "script" for tag, _ in hostile.found) == 1


def test_page_shows_each_failure_with_its_trace() -> None:
    page = as_html(as_result(as_record("good"), as_record("bad", False, text="odd text")))
    assert page.count('<details class="failure"') == 1
    assert "another answer" in page
    assert '&#34;why&#34;: &#34;odd text&#34;' in page
    assert page.count("<svg") == 4


def test_both_files_are_written_with_a_baseline(tmp_path: Path) -> None:
    before = as_result(as_record("a"), as_record("b", False))
    after = as_result(as_record("a", False), as_record("b", False))
    page, summary = write_report(after, tmp_path / "out", before)
    assert "Broken: 1" in page.read_text()
    text = summary.read_text()
    assert "| right | 50.0 | 0.0 |" in text
    assert "## 2 failures" in text


def test_markdown_cells_cannot_break_the_table() -> None:
    line = markdown_table(["a"], [["x | y\n`z` <b>"]]).splitlines()[2]
    assert line == "| x \\| y \\`z\\` \\<b\\> |"
    rows = [row for row in as_markdown(as_result(as_record("a", False, text=HOSTILE))).splitlines()
            if row.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows[-3:]}
    assert widths == {7}


def test_cells() -> None:
    share = Estimate(0.8125, 0.7, 0.9, 16)
    time = Estimate(61.4, 55.0, 70.0, 16)
    assert cell("right", share) == "81.2±10"
    assert interval("right", share) == "81.2 [70.0, 90.0]"
    assert cell("p50", time) == "61±8"
    assert interval("p50", time) == "61 [55, 70]"
    assert cell("right", None) == "·"


def test_text_table_is_cut_into_blocks_that_fit() -> None:
    rows = by_kind([as_record("a"), as_record("b", False, "number")])
    assert [name for name, _ in rows] == ["all", "fact", "number"]
    counts = {"all": 2, "fact": 1, "number": 1}
    narrow = text_table(rows, counts, width=60)
    assert max(map(len, narrow.splitlines())) <= 60
    wide = text_table(rows, counts, width=400).splitlines()
    assert len(wide) == 4
    assert wide[1].split()[:3] == ["all", "2", "50.0±50"]


def test_precision_of_an_outcome_that_a_kind_never_expects_is_left_out() -> None:
    rows = dict(by_kind([
        as_record("a", False, "fact", outcome="not_found"),
        as_record("b", True, "unanswerable", "not_found", "not_found"),
    ]))
    assert rows["all"]["refusal_precision"].value == 0.5
    assert "refusal_precision" not in rows["fact"]
    assert rows["unanswerable"]["refusal_precision"].value == 1.0


def test_the_whole_table_has_a_column_for_each_set() -> None:
    table = results_table(as_result(as_record("a"), as_record("b", False)), whole=True)
    head, _, first = table.splitlines()[:3]
    assert head == "| measure |  | s (2 turns) |"
    assert first.startswith("| Share of turns with the right outcome")
    assert "| right | 50.0 [0.0, 100.0] |" in first
    assert "commit `cccccccccccc` with changes on 2024-01-01" in table


def test_the_short_table_has_a_row_for_each_set_and_no_share_of_a_handful() -> None:
    refused = [as_record(f"r{n}", True, "unanswerable", "not_found", "not_found")
               for n in range(ENOUGH - 1)]
    given = [as_record(f"a{n}", n > 0) for n in range(ENOUGH)]
    head, _, row = results_table(as_result(*refused, *given)).splitlines()[:3]
    cells = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert cells["| set"] == "| s"
    assert cells["right"].startswith("94.7±")
    assert cells["right among given"].startswith("90.0±")
    assert cells["not there: refused"] == "·"


def test_comparison_marks_real_differences_only() -> None:
    names = [str(n) for n in range(12)]
    base = [as_record(n, False) for n in names]
    better = [as_record(n, True) for n in names]
    said = compare_markdown({"ours": base, "same": base, "better": better},
                            {"ours": {}, "same": {"top_k": 8}, "better": {"top_k": 4}})
    lines = said.splitlines()
    assert lines[2].startswith("| ours | defaults | 0.0 | 0.0 |")
    assert lines[3].startswith("| same | top\\_k=8 | 0.0 | 0.0 |")
    assert lines[4].startswith("| better | top\\_k=4 | 100.0\\* | 100.0\\* |")
    assert "- better, right: 0.0 -> 100.0, p=" in said
    assert "| p50 ms | p95 ms |" in lines[0]
    short = compare_markdown({"ours": base}, {"ours": {}}, times=False).splitlines()
    assert "p50" not in short[0]
    assert len(short[0].split("|")) == len(short[2].split("|")) == len(lines[0].split("|")) - 2
    assert "- same" not in said


def test_charts_place_what_they_are_given() -> None:
    line = charts.lines([("risk", [(0.0, 0.0), (1.0, 0.2)])], "x", "y", 0.2, marks=(0.1,))
    right = charts.WIDTH - charts.RIGHT
    bottom = charts.TOP + charts.INNER_H
    assert f'points="{charts.LEFT},{bottom} {right},{charts.TOP}"' in line.replace(".0", "")
    assert charts.histogram([], "ms").count("<rect") == 24
    assert 'height="0.0"' in charts.histogram([1.0], "ms")
    assert "3 answers: confidence 90 %, right 67 %" in charts.reliability([(0.9, 2 / 3, 3)])
    assert "&lt;b&gt;" in charts.bars([("<b>", 0.5, 0.4, 0.6, 3)])
