"""The bytes of each format -> text and metadata."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import socket

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import formats
from rag.articles.formats import Parsed, Unreadable, html, markdown, pdf
from rag.articles.formats.bylines import declared, parse_day
from rag.articles.formats.plain import decode
from rag.articles.rereading import words_of
from rag.settings import Settings
from tests import files


def parse(name: str, data: bytes | str, **changes: int) -> Parsed:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return formats.parse(name, raw, Settings(**changes))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_encodings(encoding: str) -> None:
    text = "Niger’s army met at the “café” – twice – in 2023. It said so in a long statement."
    assert decode(text.encode(encoding)) == text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    assert decode("café, naïve, Ærø ".encode() + b"\xff") == "café, naïve, Ærø \ufffd"


def test_lone_surrogates_are_left_for_the_article_to_replace() -> None:
    assert decode(b"caf\xc3\xa9 \xed\xa0\x80") == "café \ud800"


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(decode(data), str)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode("utf-8")) == text


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-12", dt.date(2024, 3, 12)),
        ("2024-03-12T08:00:00+01:00", dt.date(2024, 3, 12)),
        ("12 March 2024", dt.date(2024, 3, 12)),
        ("3rd Sept. 2021, 4 pm", dt.date(2021, 9, 3)),
        ("Mar. 12, 2024", dt.date(2024, 3, 12)),
        ("May 1 2020", dt.date(2020, 5, 1)),
        ("12/03/2024", None),
        ("2024-13-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days(written: str, day: dt.date | None) -> None:
    assert parse_day(written) == day


PAGE = """<!DOCTYPE html><html><head><title>Dam opens | The Valley Post</title>
<meta property="og:site_name" content="The Valley Post">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Dam opens", "datePublished": "2024-03-12T08:00:00Z",
"author": {"@type": "Person", "name": "Jane Roe"}}</script></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Dam opens</h1>
<p>The dam in the upper valley opened on Tuesday after <b>nine</b> years of work.</p>
<p>It holds 40m cubic metres &amp; cost <a href="http://example.org">€96m</a>.</p>
<ul><li>Height: 63 metres</li><li>Length: 410 metres</li></ul>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2015</td><td>€60m</td></tr></table>
<img src="http://example.org/dam.jpg" alt="The dam"></article>
<footer>© 2024 The Valley Post</footer></body></html>"""


def test_html(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = parse("a.html", PAGE)
    assert page.text.splitlines() == [
        "Dam opens",
        "The dam in the upper valley opened on Tuesday after nine years of work.",
        "It holds 40m cubic metres & cost €96m.",
        "- Height: 63 metres",
        "- Length: 410 metres",
        "Year | Cost",
        "2015 | €60m",
    ]
    assert (page.title, page.publisher) == ("Dam opens", "The Valley Post")
    assert (page.author, page.published) == ("Jane Roe", dt.date(2024, 3, 12))


@pytest.mark.parametrize(("line", "author", "day"), [
    ("Wednesday, 12 March 2025", None, dt.date(2025, 3, 12)),
    ("By Oskar Brandt in Hestvik, 18 May 2025", "Oskar Brandt", dt.date(2025, 5, 18)),
    ("By Jane Roe, March 3, 2024", "Jane Roe", dt.date(2024, 3, 3)),
    ("By Jane Roe and Al Bo", "Jane Roe and Al Bo", None),
    ("By Jane Roe.", "Jane Roe", None),
    ("By Jane Roe, Science Desk", "Jane Roe", None),
    ("By Jane Roe, our harbour correspondent", "Jane Roe", None),
    ("By Jane Roe, who was there", None, None),
    ("By Jane Roe, harbour correspondent. Friday 3 May 2024", "Jane Roe", dt.date(2024, 5, 3)),
    ("By Jane Roe on Skarn, 3 May 2024", "Jane Roe", dt.date(2024, 5, 3)),
    ("Jane Roe, 3 May 2024", None, dt.date(2024, 5, 3)),
    ("Jane Roe was born in Tolm on 3 May 2024", None, None),
    ("Jane Roe left. It was 3 May 2024", None, None),
    ("By Jane Roe and 3 May 2024", None, None),
    ("By noon in Tolm, 12 March 2024", None, None),
    ("Tolm, Kent, 3 May 2024 (Gull Wire) - A bridge opened.", None, dt.date(2024, 5, 3)),
    ("Karsholt, 4 September 2024 – Voltera opened a plant.", None, dt.date(2024, 9, 4)),
    ("In Paris, 4 May 2020 was warm.", None, None),
    ("Held on Monday, 13 January 2025, at 7.00 p.m.", None, None),
])
def test_what_first_lines_declare(line: str, author: str | None, day: dt.date | None) -> None:
    found = declared(f"A title\n\n{line}\n\nAnd the story.")
    assert (found.author, found.published) == (author, day)


def test_a_name_and_a_day_in_the_first_line_may_be_a_title() -> None:
    assert declared("Lossing Fair, 3 May 2024\n\nAnd the story.").published is None


def test_html_in_its_declared_encoding() -> None:
    page = (
        "<html><head><meta charset='iso-8859-2'></head><body><p>Łódź jest duża.</p></body></html>"
    )
    assert "Łódź jest duża." in parse("a.html", page.encode("iso-8859-2")).text


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "US-ASCII", "windows-1252"])
def test_html_in_windows_1252_under_the_labels_that_browsers_read_so(label: str) -> None:
    page = (f"<html><head><meta charset={label}></head><body>"
            "<p>1990–1995 cost 10–12 lives, it’s said.</p></body></html>")
    assert parse("a.html", page.encode("cp1252")).text == "1990–1995 cost 10–12 lives, it’s said."
    assert parse("a.html", page).text == "1990–1995 cost 10–12 lives, it’s said."


@pytest.mark.parametrize("label", ["utf-16", "UTF-16LE", "utf_32", "no-such-encoding"])
def test_html_with_a_label_that_cannot_be_true(label: str) -> None:
    page = f"<html><head><meta charset='{label}'></head><body><p>The café sank.</p></body></html>"
    assert parse("a.html", page).text == "The café sank."


def test_html_with_an_xml_declaration() -> None:
    page = '<?xml version="1.0" encoding="utf-8"?><html><body><p>The dam is open.</p></body></html>'
    assert parse("a.xhtml", page).text == "The dam is open."


def test_the_title_is_in_the_text_when_the_body_leaves_it_out() -> None:
    page = (
        "<html><head><title>Dam opens</title></head><body><p>It was a long wait.</p></body></html>"
    )
    assert parse("a.html", page).text == "Dam opens\nIt was a long wait."


HIRE = """<h1>Boat hire</h1><h2>Which boats are there?</h2>
<table><tr><th>Boat</th><th>Price</th></tr><tr><td>Rowing boat</td><td>$4</td></tr></table>
<h2>How do I pay?</h2><ul><li>by card</li><li>in cash</li></ul>
<h2>Is there a deposit?</h2><p>Yes. The deposit is twenty dollars for each boat you take out.</p>
<p>We give it back within three days after the boat has been returned to the jetty, clean and dry.
Boats that come back late cost a fee, because somebody else has usually been waiting for them.</p>
<ol><li>Sign the form.</li><li>Put on a vest.</li></ol>
<dl><dt>Weight</dt><dd>90 kg</dd><dt>Length:</dt><dd>4 m</dd></dl>"""
MENU = "<ul><li><a href='/'>Home</a></li><li><a href='/shop'>Our shop</a></li></ul>"


@pytest.mark.parametrize("body", [
    HIRE,
    f"<article>{HIRE}</article>",
    f"<div>{HIRE}</div>",
    f"<div class='top'>{MENU}</div><div class='box'>{HIRE}</div>",
    f"<nav>{MENU}</nav>{HIRE}<footer><h3>Our company</h3></footer>",
    f"{MENU}{HIRE}<aside><h3>Our company</h3><ul><li>More boats</li></ul></aside>",
])
def test_html_keeps_headings_and_lists_and_no_menu(body: str) -> None:
    page = f"<html><head><title>Boat hire</title></head><body>{body}</body></html>"
    text = parse("a.html", page).text
    lines = text.splitlines()
    assert lines[:7] == ["Boat hire", "Which boats are there?", "Boat | Price",
                         "Rowing boat | $4", "How do I pay?", "- by card", "- in cash"]
    assert lines[-4:] == ["1. Sign the form.", "2. Put on a vest.", "- Weight: 90 kg",
                          "- Length: 4 m"]
    assert "shop" not in text
    assert "Our company" not in text


def test_html_without_a_lost_heading_is_read_as_it_was() -> None:
    page = f"<html><body><div class='a'>{MENU}</div><p>{'The dam is open. ' * 30}</p></body></html>"
    assert "shop" not in parse("a.html", page).text


def test_markdown_parts_lines_with_labels_and_joins_wrapped_ones() -> None:
    text = parse("a.md", "# Pie\n\n**Serves:** 4\nTime: 2 hours\n\nThere are two kinds: sweet\n"
                         "and sour.\nNote: both keep.\n").text
    assert text.splitlines() == ["Pie", "", "Serves: 4", "Time: 2 hours", "",
                                 "There are two kinds: sweet and sour. Note: both keep."]


def test_elements_and_nesting_are_counted() -> None:
    assert html.elements_and_nesting("<div><p>a<br>b<div><img src=x></div></div>") == (5, 2)
    assert html.elements_and_nesting("<li>" * 50) == (50, 0)
    assert html.elements_and_nesting("</div></div><b/>") == (1, 0)


def test_what_scripts_and_comments_write_like_tags_nests_nothing() -> None:
    loop = "for (var i=0; i<n; i++) { if (a[i]<b && b>0) f(); }\n" * 300
    hidden = f"<script>{loop}</script><style>{loop}</style><!--{loop}-->"
    assert html.elements_and_nesting(f"<div>{hidden}<p>a</p></div>")[1] == 1
    assert parse("a.html", f"<html><body>{hidden}<p>The dam.</p></body></html>").text == "The dam."


@pytest.mark.parametrize("unit", ["<script>", "<!--", "<script></script ", "<style><!--", "a" * 9])
def test_hostile_pages_are_counted_in_linear_time(unit: str) -> None:
    # Quadratic time would run into the limit of the test.
    assert html.elements_and_nesting("<" + unit * 200_000)[0] <= 200_000


def test_numbered_lists_of_html_keep_their_numbers() -> None:
    page = ("<html><body><article><p>Steps of the plan.</p><ol start=4><li>Stir</li>"
            "<li value=9>Pour</li><li>Eat</li></ol><ol reversed><li>Silver</li><li>Gold</li></ol>"
            "</article></body></html>")
    lines = ["4. Stir", "9. Pour", "10. Eat", "2. Silver", "1. Gold"]
    assert parse("a.html", page).text.splitlines()[1:] == lines
    told = " ".join(words_of("a.html", page.encode(), Settings()))
    assert told == "steps of the plan 4 stir 9 pour 10 eat 2 silver 1 gold"


def test_a_very_long_attribute_is_no_trap() -> None:
    # Quadratic time on a megabyte of brackets would run into the limit of the test.
    page = f'<html><head><meta name="author" content="{"(" * 1_000_000}"></head><body><p>Dam.</p>'
    assert parse("a.html", page).text == "Dam."


def test_markdown() -> None:
    source = """---
title: "Dam opens: at last"
author: Jane Roe
date: 2024-03-12
publisher: The Valley Post
---
# The dam

It **opened** on
[Tuesday](http://example.org) &mdash; at last. ![A photo](http://example.org/a.jpg)

> “Nine years,” said the mayor.

* Height: 63 metres
* Length: 410 metres

3. third
4. fourth

| Year | Cost |
|------|------|
| 2015 | €60m |

<div>Raw <i>words</i></div>

```
code stays
```
"""
    found = parse("a.md", source)
    assert found.text.split("\n\n") == [
        "The dam",
        "It opened on Tuesday — at last. A photo",
        "“Nine years,” said the mayor.",
        "- Height: 63 metres",
        "- Length: 410 metres",
        "3. third",
        "4. fourth",
        "Year | Cost",
        "2015 | €60m",
        "Raw  words",
        "code stays",
    ]
    assert found.title == "Dam opens: at last"
    assert (found.author, found.publisher) == ("Jane Roe", "The Valley Post")
    assert found.published == dt.date(2024, 3, 12)


@pytest.mark.parametrize(("source", "text"), [
    ("---\n\nThe ferry sank.\n\nNine died.\n\n---\n\nMore.", "The ferry sank. Nine died. More."),
    ("---\nBREAKING: ferry sinks.\n---\nStory.", "BREAKING: ferry sinks. Story."),
    ("---\nThe ferry sank.\nSource: police\n---\nStory.", "The ferry sank. Source: police Story."),
    ("---\n# Of the site\ntitle: Ferry\ntags:\n- sea\n  - land\n---\nStory.", "Story."),
])
def test_between_rules_of_markdown_only_fields_are_front_matter(source: str, text: str) -> None:
    assert " ".join(parse("a.md", source).text.split()) == text


def test_a_title_of_several_lines_in_front_matter() -> None:
    source = "---\ntitle: >-\n  The ferry\n  sank\nauthors:\n  - Jo\ndate: 2024-03-12\n---\nStory."
    found = parse("a.md", source)
    assert (found.title, found.published) == ("The ferry sank", dt.date(2024, 3, 12))
    assert parse("a.md", "---\ntitle: >-\nauthor: Jo\n---\nStory.").title is None


def test_line_breaks_of_html_in_markdown_part_words() -> None:
    source = "Nine<br>died <br/>\ntoday, un<b>believ</b>ably.\n\n| a |\n|---|\n| 60<br />70 |\n"
    assert parse("a.md", source).text == "Nine\ndied\ntoday, unbelievably.\n\na\n\n60 70"


def test_scripts_and_styles_in_markdown_are_no_text() -> None:
    source = ("<script>\nvar a;\n\nvar b;\n</script>\n\nThe <script>var c</script>dam. <style>\n\n"
              "<div><STYLE>p {}</STYLE>It <!-- x -->holds.</div>\n\n```\n<style>d</style>\n```\n")
    assert parse("a.md", source).text.split("\n\n") == [
        "The dam.", "It  holds.", "<style>d</style>"]


def test_a_list_of_markdown_may_begin_at_nought() -> None:
    assert parse("a.md", "0. Zero\n1. One").text == "0. Zero\n\n1. One"


def test_the_first_heading_is_the_title_of_markdown() -> None:
    assert parse("a.md", "Intro\n\n## Part\n\n# The *dam*\n\nText.").title == "The dam"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("![a](" * 20_000, id="open links"),
        pytest.param("> " * 5_000 + "deep", id="deep quotes"),
        pytest.param("\n".join("  " * n + "- x" for n in range(100)), id="deep lists"),
        pytest.param("*a " * 50_000, id="open emphasis"),
    ],
)
def test_markdown_that_no_person_wrote_is_plain_text(source: str) -> None:
    assert parse("a.md", source).text == source


def test_comments_that_nobody_closes_are_read_in_linear_time() -> None:
    # Quadratic time would run into the limit of the test.
    found = parse("a.md", "<!-- a -->\n\n" + "<!--\n\n" * 100_000 + "<b>end</b>").text
    assert found.split() == ["<!--"] * 100_000 + ["end"]


WORDS = st.lists(
    st.sampled_from(["dam", "valley", "*", "**", "[x](y)", "`", "- ", "> ", "#", "\n"])
)


@settings(deadline=None)
@given(WORDS)
def test_markdown_loses_no_words(pieces: list[str]) -> None:
    source = " ".join(pieces)
    found = parse("a.md", source).text
    assert (found.count("dam"), found.count("valley")) == (
        source.count("dam"),
        source.count("valley"),
    )


def test_pdf() -> None:
    lines = [
        "The dam in the upper valley opened on Tuesday after nine",
        "years of work. It holds forty million cubic metres of wa-",
        "ter and cost more than was planned.",
    ]
    found = parse("a.pdf", files.pdf([lines, ["A second page."]], "Dam opens", "Jane Roe"))
    assert found.text.split("\n\n") == [
        "The dam in the upper valley opened on Tuesday after nine years of work. It holds forty "
        "million cubic metres of water and cost more than was planned.",
        "A second page.",
    ]
    assert (found.title, found.author) == ("Dam opens", "Jane Roe")


@pytest.mark.parametrize(
    ("broken", "rest", "whole"),
    [
        ("wa-\nter", "", "water"),
        ("govern-\nment", "They govern.", "government"),
        ("state-\nowned", "A state-owned firm.", "state-owned"),
        ("state-\nowned", "The state owned it.", "state-owned"),
        ("through-\nout", "Look through it and out, throughout.", "throughout"),
        ("Anglo-\nDutch", "An Anglo-Dutch firm.", "Anglo-Dutch"),
        ("wa\u2010\nter", "", "water"),
        ("wa\u00ad\nter", "A wa, a ter.", "water"),
    ],
)
def test_words_hyphenated_at_a_line_end(broken: str, rest: str, whole: str) -> None:
    line = "The firm was named in a long report that the "
    joined = pdf.join_lines(f"{line}{broken} board read.\n\n{rest}")
    assert joined.split("\n\n")[0] == f"{line}{whole} board read."


def test_ligatures_of_a_pdf_are_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_pages", lambda *_: "The ﬁrst oﬃcer ﬂed oﬀ the raﬄe.")
    assert parse("a.pdf", files.pdf([["Words."]])).text == "The first officer fled off the raffle."


def test_a_pdf_has_no_more_pages_than_are_read() -> None:
    data = files.pdf([["Words."]] * 5)
    assert parse("a.pdf", data, max_pages=5).text.count("Words.") == 5
    with pytest.raises(Unreadable, match=r"it has 5 pages, more than max_pages=4\."):
        parse("a.pdf", data, max_pages=4)


def test_a_pdf_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_LONGEST", -1.0)
    with pytest.raises(Unreadable, match="its pages take longer than"):
        parse("a.pdf", files.pdf([["Words."]]))


def test_word() -> None:
    found = parse("a.docx", files.word(["Dam opens", "It holds."], "The title", "Jane Roe"))
    assert found.text == "Dam opens\n\nIt holds."
    assert (found.title, found.author) == ("The title", "Jane Roe")


def test_word_tables_and_content_controls() -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ["Year", "Cost", "2015", "€60m"], strict=True):
        cell.text = words
    inside = document.add_paragraph("Inside a control.")._p
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    inside.addprevious(control)
    control[0].append(inside)
    document.add_paragraph("After.")
    out = io.BytesIO()
    document.save(out)
    assert parse("a.docx", out.getvalue()).text.split("\n\n") == [
        "Before.",
        "Year | Cost",
        "2015 | €60m",
        "Inside a control.",
        "After.",
    ]


def test_words_in_wrappers_inside_a_paragraph_of_word() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Nine ")._p
    run = "<w:r><w:t xml:space='preserve'>{} </w:t></w:r>"
    for start, words, end in [
        ("<w:ins {} w:id='1' w:author='a'>", "people", "</w:ins>"),
        ("<w:moveFrom {} w:id='2' w:author='a'>", "never", "</w:moveFrom>"),
        ("<w:smartTag {} w:element='e'><w:smartTag w:element='e'>", "in",
         "</w:smartTag></w:smartTag>"),
        ("<w:sdt {}><w:sdtContent>", "Lund", "</w:sdtContent></w:sdt>"),
        ("<w:hyperlink {}><w:ins w:id='3' w:author='a'>", "died", "</w:ins></w:hyperlink>"),
        ("<w:fldSimple {} w:instr='DATE'>", "today", "</w:fldSimple>"),
    ]:
        paragraph.append(parse_xml(start.format(nsdecls("w")) + run.format(words) + end))
    gone = "<w:del {} w:id='4' w:author='a'><w:r><w:delText>not</w:delText></w:r></w:del>"
    paragraph.append(parse_xml(gone.format(nsdecls("w"))))
    out = io.BytesIO()
    document.save(out)
    assert parse("a.docx", out.getvalue()).text == "Nine people in Lund died today"
    assert "not" not in words_of("a.docx", out.getvalue(), Settings())


def test_rows_and_cells_of_word_in_content_controls() -> None:
    document = docx.Document()
    table = document.add_table(2, 1)
    for cell, words in zip(table._cells, ["Year", "2015"], strict=True):
        cell.text = words
    row = table.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[0].append(row)
    out = io.BytesIO()
    document.save(out)
    assert parse("a.docx", out.getvalue()).text == "Year\n\n2015"


def test_word_leaves_out_the_name_of_the_tool() -> None:
    assert parse("a.docx", files.word(["Text."], "", "python-docx")).author is None


def test_markdown_parser_is_shared_and_has_no_state() -> None:
    first = markdown.parse(b"[a]: http://example.org\n\n[a]", Settings()).text
    assert markdown.parse(b"[a]", Settings()).text == "[a]"
    assert first == "a"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["a.html", "a.pdf", "a.docx", "a.md", "a.txt"]),
    st.integers(0, 10**6),
    st.binary(max_size=40),
)
def test_damaged_files_are_read_or_refused_in_a_sentence(name: str, at: int, noise: bytes) -> None:
    data = bytearray(WHOLE[name])
    at %= len(data)
    data[at : at + len(noise) // 2] = noise
    try:
        found = formats.parse(name, bytes(data), Settings())
    except Unreadable as error:
        refused = str(error)
        assert refused == " ".join(refused.split())
        assert refused.startswith("it")
    else:
        assert isinstance(found.text, str)


WHOLE = {
    "a.html": PAGE.encode(),
    "a.pdf": files.pdf([["The dam opened.", "It holds."], ["A second page."]], "Dam", "Jane Roe"),
    "a.docx": files.word(["The dam opened.", "It holds."]),
    "a.md": b"# The dam\n\nIt **opened** on [Tuesday](http://example.org).\n\n* one\n",
    "a.txt": "The dam opened – at last – on Tuesday.".encode(),
}
