"""Hostile articles, questions and files in a real browser: nothing runs, nothing leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Served, ask
from tests.hostile import PAYLOADS
from ui.render import ATTRIBUTES, ELEMENTS

pytestmark = pytest.mark.browser

FOREIGN = """([elements, attributes]) => [...document.querySelectorAll(
  '#history *, #pending *, #offers *, #reader aside, #reader aside *')]
  .filter(e => !e.closest('.wrap'))
  .filter(e => !e.matches('.html-container, .html-container > div'))
  .flatMap(e => [
    ...(elements.includes(e.localName) ? [] : [e.outerHTML.slice(0, 200)]),
    ...[...e.attributes].map(a => a.name)
      .filter(n => !attributes.includes(n) && !/^(aria|data)-[a-z-]+$/.test(n))
      .map(n => n + ' of ' + e.outerHTML.slice(0, 200)),
  ])"""


def foreign(page: Any) -> list[str]:
    found: list[str] = page.evaluate(FOREIGN, [sorted(ELEMENTS), sorted(ATTRIBUTES)])
    return found


def test_a_hostile_article_is_text(page: Any) -> None:
    page.locator("#shelf .entry", has_text="The zebra keeper").click()
    page.wait_for_selector("#article-pane .reading")
    assert page.locator("#article-pane .text p").count() > 200
    turn = ask(page, "Who is the zebra keeper of Zug?")
    assert turn.locator(".answer").count() == 1
    page.wait_for_timeout(300)
    assert foreign(page) == []
    assert page.evaluate("window.pwned") is None


def test_hostile_questions_are_text(page: Any) -> None:
    for payload in PAYLOADS[::60]:
        page.fill("#question textarea", f"who is {payload[:150]}")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "!document.querySelector('#stop') && (document.querySelector('#pending .notice') ||"
            " document.querySelector('#history .turn'))")
    assert foreign(page) == []
    assert page.evaluate("window.pwned") is None


def test_every_payload_is_text_in_every_place_of_a_turn(page: Any) -> None:
    """The turns are made by the page's own code and put where Gradio would put them."""
    from rag import Answer, Citation
    from ui.answers import suggestions, turn_view
    from ui.folded import Exchange
    from ui.notices import notice, working
    from ui.reading import Entry, shelf_view

    parts: list[str] = []
    for number, payload in enumerate(PAYLOADS, 1):
        citation = Citation(1, payload, payload, payload or "x", 0, len(payload), payload, None,
                            payload + "?")
        passage = {"article": payload, "title": payload, "start": 0, "end": 9, "rank": 1,
                   "score": 0.5, "dense_rank": 1, "dense_score": 0.5, "word_rank": None,
                   "word_score": None}
        trace = {"passages": [passage], "why": payload,
                 "answers": [{"text": payload, "article": payload, "margin": 1.0,
                              "probability": 0.5, "places": 1}],
                 "sides": [{"text": payload, "articles": [payload, "b"], "sources": 1}]}
        for outcome in ("answered", "disputed", "not_found"):
            answer = Answer(outcome, f"{payload}\n“{payload}” [1]", payload, 0.9, (citation,),
                            payload, payload + "!", trace)
            parts.append(turn_view(Exchange(number, answer, {payload: payload},
                                            {(payload, 0, 9): payload})))
        parts += [notice(payload, payload), working(payload, ()), suggestions(payload, [payload]),
                  shelf_view([Entry(payload, payload, payload, None, 1)], 1)]
    page.evaluate("markup => { document.querySelector('#history .html-container > div')"
                  ".innerHTML = markup; }", "".join(parts).encode("utf-8", "replace").decode())
    page.wait_for_timeout(500)
    assert page.locator("#history .turn").count() == 5 * len(PAYLOADS)
    assert foreign(page) == []
    assert page.evaluate("window.pwned") is None


def test_files_can_be_added_and_hostile_ones_are_refused(
    page: Any, served: Served, tmp_path: Path
) -> None:
    good = tmp_path / "lighthouse.txt"
    good.write_text("The lighthouse of Skagen was built in 1747 by Philip de Lange. It stands on a "
                    "sandy point. Ships used it for a century.", "utf-8")
    bad = tmp_path / "<img src=x onerror=window.pwned=1>.pdf"
    bad.write_bytes(b"%PDF-1.7 broken " + bytes(range(256)))
    program = tmp_path / "run.exe"
    program.write_bytes(b"MZ")
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name="Add articles").click()
    waiting.value.set_files([good, bad, program])
    page.wait_for_selector("#added li")
    assert page.locator("#added .taken").count() == 1
    refused = page.locator("#added .refused").all_inner_texts()
    assert len(refused) == 2
    assert any("run.exe" in words for words in refused)
    assert sorted(path.name for path in (served.folder / "added").iterdir()) == ["lighthouse.txt"]
    assert ask(page, "When was the lighthouse of Skagen built?").locator(
        ".short").inner_text() == "1747"
    assert foreign(page) == []
    assert page.evaluate("window.pwned") is None


def test_new_changed_and_deleted_files_are_noticed(page: Any, served: Served) -> None:
    path = served.folder / "harbour.txt"
    path.write_text("The harbour of Ystad was closed on Monday. The harbour master is Lena Berg.",
                    "utf-8")
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_function("document.querySelector('#status').textContent.includes('1 added')")
    turn = ask(page, "Who is the harbour master of Ystad?")
    assert turn.locator(".short").inner_text() == "Lena Berg"
    path.write_text("The harbour of Ystad was closed on Monday. Its master has left.", "utf-8")
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_function("document.querySelector('#status').textContent.includes('1 changed')")
    turn.locator(".cite").first.click()
    page.wait_for_selector("#article-pane .changed")
    assert page.locator("#article-pane mark").inner_text() == "The harbour master is Lena Berg."
    path.unlink()
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_function("document.querySelector('#status').textContent.includes('1 removed')")
