"""Receipts: what was written is checked again, and the first thing that does not hold is named."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import receipt
from rag.articles.formats import parse
from rag.articles.formats.parsed import Unreadable
from rag.articles.loading import Found, read
from rag.articles.rereading import stand_in, words, words_of
from rag.receipt import ReceiptError
from rag.settings import Settings
from rag.types import Answer, Article, Citation

TEXT = "The Tarn Bridge opened in 2021, the mayor said. Geese crossed it first.\n"
QUOTE = "The Tarn Bridge opened in 2021, the mayor said."
MODELS = {"embedder": {"name": "e", "digest": "1"}, "reader": {"name": "r", "digest": "2"}}
MARKDOWN = ("---\ntitle: Bridge\n---\n\nThe **Tarn** Bridge opened in [2021](http://x/y_(z)), the "
            "mayor said.\n")
PAGE = ("<html><head><title>x</title><style>p {}</style></head><body><p>The <b>Tarn</b> Bridge "
        "opened&nbsp;in 2021 <a href=\"#n\">[1]</a>, the mayor said.</p></body></html>")


def article_of(folder: Path, name: str) -> Article:
    """A file as the article that it is."""
    article = read(Found(name, folder / name, (folder / name).stat().st_size), Settings())
    assert isinstance(article, Article), article
    return article


def answered(article: Article, quote: str, start: int) -> Answer:
    """An answer with one citation."""
    citation = Citation(1, article.name, article.title, quote, start, start + len(quote),
                        said_by="the mayor said")
    return Answer("answered", f"2021.\n“{quote}” [1]", "2021", 0.9, (citation,), "When?", "When?")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one article of plain text."""
    place = tmp_path / "articles"
    place.mkdir()
    (place / "a.txt").write_text(TEXT, "utf-8")
    return place


@pytest.fixture
def made(folder: Path) -> dict[str, Any]:
    """The receipt of an answer from it."""
    article = article_of(folder, "a.txt")
    return receipt.make(answered(article, QUOTE, 0), lambda name: article, MODELS, "1.2.3")


@pytest.fixture
def written(tmp_path: Path, made: dict[str, Any]) -> Path:
    """The receipt in a file."""
    path = tmp_path / "receipt.json"
    receipt.write(path, made)
    return path


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A receipt that somebody changed, its own digest made to fit again."""
    value = json.loads(path.read_text("utf-8"))
    change(value)
    value["digest"] = receipt._digest(value)
    path.write_text(json.dumps(value), "utf-8")
    return path


def test_a_receipt_holds_what_an_answer_stands_on(made: dict[str, Any]) -> None:
    assert made["question"] == "When?"
    assert made["citations"][0]["quote"] == QUOTE
    assert (made["citations"][0]["start"], made["citations"][0]["end"]) == (0, 47)
    assert made["articles"] == [{
        "name": "a.txt", "title": made["articles"][0]["title"],
        "file_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "text_characters": len(TEXT), "checked": "exact",
    }]
    assert made["models"] == MODELS
    assert "trace" not in made


def test_what_was_written_holds(written: Path, folder: Path) -> None:
    result = receipt.verify(written, folder)
    assert result.holds
    assert result.problem is None
    assert result.checks[-1] == "The quote of citation 1 stands at 0:47 of 'a.txt'."


@pytest.mark.parametrize(
    ("body", "lead", "quotes"),
    [
        ("Sold in 1911[3] by Ada.", "1911[3].", ["Sold in 1911[3] by Ada."]),
        ("It was “best” [3] (so Ada) of all.", "“best” [3] (so Ada).",
         ["It was “best” [3] (so Ada) of all."]),
        ("A [7] is here. A [7].", "“A [7]” — “Mill [9]”:", ["A [7] is here.", "A [7]."]),
        ("One “x” [5]\nand “x” [6] two.", "Two:", ["x", "One “x” [5]\nand “x” [6] two."]),
    ],
)
def test_what_people_wrote_is_no_marker(
    tmp_path: Path, body: str, lead: str, quotes: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(body, "utf-8")
    article = article_of(tmp_path, "a.txt")
    cited = tuple(Citation(n, "a.txt", "Mill [9]", quote, body.index(quote),
                           body.index(quote) + len(quote)) for n, quote in enumerate(quotes, 1))
    text = "\n".join([lead, *(f"“{c.quote}” [{c.number}]" for c in cited)])
    path = tmp_path / "r.json"
    receipt.write(path, receipt.make(Answer("answered", text, lead, 0.9, cited, "When?", "When?"),
                                     lambda name: article, MODELS, "1"))
    assert receipt.verify(path, tmp_path).problem is None


def test_without_articles_it_says_that_they_were_not_looked_at(written: Path) -> None:
    result = receipt.verify(written)
    assert result.holds
    assert result.checks[-1] == "The articles were not looked at: no folder was given."


def test_a_refusal_has_a_receipt_too(tmp_path: Path, folder: Path) -> None:
    refusal = Answer("not_found", "The articles do not say.", None, 0.1, (), "Who?", "Who?")
    path = tmp_path / "refusal.json"
    receipt.write(path, receipt.make(refusal, lambda name: pytest.fail(name), MODELS, "1"))
    assert receipt.verify(path, folder).holds


def test_damage_is_noticed_by_the_receipts_own_digest(written: Path) -> None:
    written.write_text(written.read_text("utf-8").replace("2021.", "2022."), "utf-8")
    assert receipt.verify(written).problem == (
        "The receipt was changed or damaged: its own digest does not fit.")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda r: r["citations"][0].update(quote=QUOTE.replace("2021", "2022")),
         "The quote of citation 1 does not stand at 0:47 of 'a.txt'."),
        (lambda r: r["citations"][0].update(start=1, end=48),
         "The quote of citation 1 does not stand at 1:48 of 'a.txt'."),
        (lambda r: r["citations"][0].update(end=40),
         "The quote of citation 1 is not as long as its offsets say."),
        (lambda r: r["citations"][0].update(said_by="the king said"),
         "The attribution of citation 1 does not stand in 'a.txt'."),
        (lambda r: r["citations"][0].update(number=2),
         "The citations are not numbered from 1 in order."),
        (lambda r: r.update(text=r["text"] + "\n“And geese.” [2]"),
         "The text's marker [2] has no citation."),
        (lambda r: r.update(text=r["text"] + "\n“And\ngeese.” [3] (said he)"),
         "The text's marker [3] has no citation."),
        (lambda r: r.update(citations=[]), "The text's marker [1] has no citation."),
        (lambda r: r.update(citations=[], text="2021"), "The answer has no citation."),
        (lambda r: r["articles"][0].update(file_sha256="0" * 64),
         "'a.txt' is not the file that was read: its digest does not fit."),
        (lambda r: r["articles"][0].update(text_sha256="0" * 64),
         "The text of 'a.txt' is not the text that was read."),
        (lambda r: r.update(articles=[]), "Citation 1 is of 'a.txt', of which there is no digest."),
        (lambda r: r.pop("text"), "A field is missing or not what it should be: KeyError('text')."),
        (lambda r: r.update(citations=7),
         "A field is missing or not what it should be: "
         "TypeError(\"'int' object is not iterable\")."),
    ],
)
def test_a_forged_receipt_is_told_by_the_first_thing_that_does_not_hold(
    written: Path, folder: Path, change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    result = receipt.verify(rewritten(written, change), folder)
    assert not result.holds
    assert result.problem == problem


def test_a_changed_article_is_named(written: Path, folder: Path) -> None:
    (folder / "a.txt").write_text(TEXT + "More.\n", "utf-8")
    assert receipt.verify(written, folder).problem == (
        "'a.txt' is not the file that was read: its digest does not fit.")


def test_a_deleted_article_is_named(written: Path, folder: Path) -> None:
    (folder / "a.txt").unlink()
    assert receipt.verify(written, folder).problem == "'a.txt' is not in the folder of articles."


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "link.txt"])
def test_no_file_outside_the_folder_is_read(written: Path, folder: Path, name: str) -> None:
    (folder.parent / "secret.txt").write_text(TEXT, "utf-8")
    os.symlink(folder.parent / "secret.txt", folder / "link.txt")

    def elsewhere(value: dict[str, Any]) -> None:
        value["articles"][0]["name"] = value["citations"][0]["article"] = name

    result = receipt.verify(rewritten(written, elsewhere), folder)
    assert result.problem == f"{name!r} does not lie in the folder of articles."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "its format is not 'rag-receipt'"),
        (b'{"format": "rag-receipt", "format_version": 99}', "has the receipt format 99"),
        (b" " * 5_000_001, "has more than 5,000,000 bytes"),
    ],
)
def test_what_is_no_receipt_is_a_users_mistake(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(ReceiptError, match=message):
        receipt.verify(path)


def test_a_missing_file_or_folder_is_a_users_mistake(tmp_path: Path, written: Path) -> None:
    with pytest.raises(ReceiptError, match=r"cannot read the receipt .* no such file"):
        receipt.verify(tmp_path / "none.json")
    with pytest.raises(ReceiptError, match="no folder of articles at"):
        receipt.verify(written, tmp_path / "none")
    with pytest.raises(ReceiptError, match="cannot write the receipt"):
        receipt.write(tmp_path / "none" / "r.json", {})


def test_a_failed_write_leaves_the_old_receipt(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        receipt.write(written, {"text": "\ud800"})
    assert written.read_bytes() == before
    assert [p.name for p in written.parent.glob(".receipt-*")] == []


@pytest.mark.parametrize(
    ("name", "content"), [("a.md", MARKDOWN.encode()), ("a.html", PAGE.encode())]
)
def test_in_markup_the_words_of_a_quote_are_looked_for(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    article = Article(name, "t", QUOTE, hashlib.sha256(content).hexdigest())
    path = tmp_path / "r.json"
    receipt.write(path, receipt.make(answered(article, QUOTE, 0), lambda n: article, MODELS, "1"))
    result = receipt.verify(path, tmp_path)
    assert (result.holds, result.checks[-1]) == (
        True, f"The words of citation 1 stand in {name!r}, in this order.")

    def forge(value: dict[str, Any]) -> None:
        value["citations"][0].update(quote=QUOTE.replace("2021", "2022"))

    assert receipt.verify(rewritten(path, forge), tmp_path).problem == (
        f"The words of citation 1 do not stand in {name!r}.")


@pytest.mark.parametrize(
    "source",
    [
        "Values < 5 and > 3 were dropped.",
        "**O**pen Harbour Week and __Tarn__ and 2*3 and a_b_c and *Mid*dle",
        "See <https://example.org/a/b/c> for more, or ask <ann@example.org>.",
        "Call `a<b>c` and ``x`<y>`` now, \\<b> or \\*c\\*.",
        "```html\n<div class='x y'>a < b</div>\n```\n\nAfter <!-- hidden --> it.",
        "The pair <x, y> is <em class='q'>un</em>ordered; [Tarn](http://x/y_(z) \"t\")s.",
        "caf&eacute; &amp; bar, &lt;b&gt; &copy 2020",
        "<div>\nun<b>believ</b>able [See](https://example.org/a)\n</div>\n\nSo *m*uch.",
        "1. The mill burned.\n1. Ada rebuilt it.\n   1. Twice.\n1. It stands.\n\nSo:\n\n1) One.",
        "---\ntitle: <x>\n---\n\n| **Y**ear | <b>Cost |\n|---|---|\n| 2015 | 60 |",
        "Nine<br>died<br/>a**b**c<i>d</i>e<br>f of 60 <script>v</script>people<style>p</style>s.",
        "<script>\nvar a;\n\nvar b;\n</script> The *d*am.\n\nIt<hr>holds.\n\n<style>p</style>\nIt.",
        "0. Zero\n1. One\n\n---\n\nThe ferry sank.\n\n---\n\nNine died.",
        "---\nBREAKING: ferry sinks.\n---\nStory of a nu\u00adcle&shy;ar ferry.",
        pytest.param("*a <b>" * 8_000, marks=pytest.mark.slow),
    ],
)
def test_what_the_parser_makes_of_markdown_stands_in_its_words(source: str) -> None:
    page = words_of("a.md", source.encode(), Settings())
    text = parse("a.md", source.encode(), Settings()).text
    lines = [words(line) for line in text.split("\n") if words(line)]
    assert lines
    assert [line for line in lines if not stand_in(line, page)] == []
    assert not stand_in((*lines[0], "another"), page)


@given(st.lists(st.sampled_from([
    "dam ", "Harbour ", "**O**pen ", "*Mid*dle ", "2*3 ", "x_y_z ", "`a<b>c` ", " < 5 and > 3 ",
    "<b>", "</b>", '<a href="https://e.org/x y" class=q>', "<br/> ", "<https://example.org/a/b> ",
    "[two words](http://x/y_(z)) ", "![pic](p.jpg) ", "<p, q> ", "caf&eacute; ", "&lt;b&gt; ",
    "\\<i> ", "\n", "\n\n", "\n\n# ", "\n\n- ", "\n\nSo:\n\n1. one\n1. two\n\nthen ",
    "\n\n> ", "\n\n```\n<i>code</i>\n```\n\n", "\n\n| a | b |\n|--|--|\n| c | d |\n\n"]),
    max_size=12))
def test_no_words_of_markdown_are_missed(pieces: list[str]) -> None:
    data = "".join(["Start ", *pieces]).encode()
    page = words_of("a.md", data, Settings())
    for line in parse("a.md", data, Settings()).text.split("\n"):
        assert not words(line) or stand_in(words(line), page), line


def test_what_markdown_hides_is_no_quote() -> None:
    source = b'Dam <a title="opened in">A</a> <!-- burned --> [B](http://sold.example "lost") end.'
    assert words_of("a.md", source, Settings()) == ("dam", "a", "b", "end")
    source = b"<script>\nvar c;\n\nvar d;\n</script> Dam\n\nis <style>p {}</style> it"
    assert words_of("a.md", source, Settings()) == ("dam", "is", "it")


@pytest.mark.parametrize("unit", ["<!--\n\n", "](x \"\n\n", "` `` ``` ", "<a x ", "~~~\n\n",
                                  "<script>\n\n", "<style>x\n\n"])
def test_words_of_hostile_markdown_take_linear_time(unit: str) -> None:
    # Quadratic time would run into the limit of the test.
    assert len(words_of("a.md", (unit * 60_000).encode(), Settings())) <= 120_000


def test_a_page_is_read_again_in_the_encoding_that_it_declares() -> None:
    page = "<html><head><meta charset='iso-8859-2'></head><body><p>Łódź.</p></body></html>"
    assert words_of("a.html", page.encode("iso-8859-2"), Settings()) == ("łódź",)


def test_the_items_of_a_numbered_list_are_counted_as_an_article_has_them() -> None:
    page = b"<ol><li>Stir<ul><li>well</li></ul></li><li>Pour</li></ol><ul><li>Eat</li></ul>"
    assert words_of("a.html", page, Settings()) == ("1", "stir", "well", "2", "pour", "eat")


def test_the_words_of_a_docx_are_read_without_its_parser(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("The Tarn Bridge")
    document.add_paragraph("opened & closed <again>")
    document.save(tmp_path / "a.docx")
    data = (tmp_path / "a.docx").read_bytes()
    assert words_of("a.docx", data, Settings()) == (
        "the", "tarn", "bridge", "opened", "closed", "again")


def test_a_docx_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:t>" + b" " * 30_000_000)
    data = (tmp_path / "a.docx").read_bytes()
    article = Article("a.docx", "t", QUOTE, hashlib.sha256(data).hexdigest())
    path = tmp_path / "r.json"
    receipt.write(path, receipt.make(answered(article, QUOTE, 0), lambda n: article, MODELS, "1"))
    problem = receipt.verify(path, tmp_path).problem
    assert problem is not None
    assert problem.startswith("'a.docx' cannot be read again: it unpacks to more than")


def test_of_a_pdf_only_the_file_is_checked_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    article = Article("a.pdf", "t", QUOTE, hashlib.sha256(b"%PDF-1.7").hexdigest())
    path = tmp_path / "r.json"
    receipt.write(path, receipt.make(answered(article, QUOTE, 0), lambda n: article, MODELS, "1"))
    result = receipt.verify(path, tmp_path)
    assert result.holds
    assert "were not read again" in result.checks[-1]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_verifying_imports_nothing_but_the_standard_library(
    tmp_path: Path, folder: Path, name: str
) -> None:
    (folder / name).write_text(TEXT, "utf-8")
    article = Article(name, "t", TEXT, hashlib.sha256(TEXT.encode()).hexdigest())
    written = tmp_path / "r.json"
    answer = answered(article, QUOTE, 0)
    receipt.write(written, receipt.make(answer, lambda n: article, MODELS, "1"))
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"  # what an editable installation loads by itself
        "from rag import receipt\n"
        f"assert receipt.verify({str(written)!r}, {str(folder)!r}).holds\n"
        "loaded = {m.partition('.')[0] for m in set(sys.modules) - before}\n"
        "print(sorted(loaded - set(sys.stdlib_module_names) - {'rag'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), st.data())
def test_any_run_of_a_pages_words_stands_in_it(page: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(page) - 1))
    end = data.draw(st.integers(start + 1, len(page)))
    assert stand_in(page[start:end], page)
    assert not stand_in([*page[start:end], "x"], page)


@given(st.text(max_size=200))
def test_words_are_those_of_the_text_in_order(text: str) -> None:
    found = words(text)
    assert all(w and not set(w) & set(" .,_\n") for w in found)
    assert words(" ".join(found)) == found


@given(st.integers(0, 3), st.text(max_size=40))
def test_a_receipt_of_any_text_is_written_and_read_back(extra: int, text: str) -> None:
    body = QUOTE + text
    article = Article("a.txt", text, body, "d" * 64)
    answer = dataclasses.replace(answered(article, QUOTE, 0), question=text, text=QUOTE)
    made = receipt.make(answer, lambda name: article, MODELS, str(extra))
    assert json.loads(json.dumps(made)) == made
    assert made["digest"] == receipt._digest(json.loads(json.dumps(made)))


def test_a_file_that_is_no_text_cannot_be_read_again() -> None:
    with pytest.raises(Unreadable):
        words_of("note.md", b"%PDF-1.7\n\x00\x01\x02" * 20, Settings())
