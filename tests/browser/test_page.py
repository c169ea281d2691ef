"""The page in a real browser: ask, see the proof, follow up, read, stop, reload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Served, Watch, ask, free_port, reload

pytestmark = pytest.mark.browser

INSTRUCTORS = "how many Russian instructors arrived?"


def test_an_answer_comes_with_its_quote_and_the_quote_is_marked_in_its_article(
    page: Any, served: Served
) -> None:
    turn = ask(page, INSTRUCTORS)
    assert turn.locator(".short").inner_text() == "100"
    quote = turn.locator("blockquote").inner_text()
    assert "100 Russian military instructors have already arrived in Niamey." in quote
    turn.locator(".cite").first.click()
    page.wait_for_selector("#article-pane mark")
    name = page.locator("#article-pane .reading").get_attribute("data-article")
    text = served.desk.assistant.article(name).text
    assert page.evaluate("document.querySelector('#article-pane .text').textContent") == text
    marked = page.evaluate(
        "[...document.querySelectorAll('#article-pane mark')].map(m => m.textContent).join('')")
    assert marked == quote
    box = page.locator("#article-pane mark").first.bounding_box()
    assert 56 < box["y"] < 860
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "cite"


def test_the_first_citation_is_shown_beside_the_answer_without_taking_the_keyboard(
    page: Any,
) -> None:
    ask(page, INSTRUCTORS)
    page.wait_for_selector("#article-pane mark")
    assert page.locator(".cite[aria-current]").count() == 1
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_the_bar_names_the_article_while_its_title_is_scrolled_away(page: Any) -> None:
    ask(page, INSTRUCTORS)
    page.wait_for_selector("#article-pane mark")
    title = page.locator("#article-title").inner_text()
    page.wait_for_function(
        "title => document.querySelector('#now-reading').textContent === title", arg=title)
    page.locator("#article-pane").evaluate("e => e.scrollTo(0, 0)")
    page.wait_for_function("document.querySelector('#now-reading').textContent === ''")


def test_furniture_is_greyed(page: Any) -> None:
    page.locator("#shelf .entry", has_text="Russia Sends Military").click()
    page.wait_for_selector("#article-pane .furniture")
    grey = page.locator("#article-pane .furniture").all_inner_texts()
    assert any("You may also like" in words for words in grey)
    assert not any("100 Russian military instructors" in words for words in grey)


def test_confidence_is_a_word_with_the_number_on_hover(page: Any) -> None:
    turn = ask(page, INSTRUCTORS)
    confidence = turn.locator(".confidence")
    percent = turn.locator(".percent")
    assert percent.evaluate("e => getComputedStyle(e).visibility") == "hidden"
    confidence.hover()
    assert percent.evaluate("e => getComputedStyle(e).visibility") == "visible"
    assert re.search(r"\d+%", confidence.get_attribute("title"))


def test_a_follow_up_shows_what_was_searched_and_can_be_edited(page: Any) -> None:
    ask(page, "Who leads the junta?")
    turn = ask(page, "Whom did he oust?")
    resolved = turn.locator(".resolved").inner_text()
    assert resolved != "Whom did he oust?"
    turn.get_by_role("button", name="Edit and ask again").click()
    assert page.input_value("#question textarea") == resolved


def test_a_refusal_is_calm_and_offers_reading(page: Any) -> None:
    turn = ask(page, "Which song won the song contest in Malmö?")
    assert turn.locator(".answer.not-found").count() == 1
    assert "The articles do not say" in turn.locator(".refusal").first.inner_text()
    assert turn.locator(".cite, .confidence, .short").count() == 0
    assert "not an answer" in turn.locator(".nearest h3").inner_text()
    turn.locator(".nearest .open").first.click()
    page.wait_for_selector("#article-pane .reading")


def test_a_dispute_shows_both_sides_next_to_each_other(page: Any) -> None:
    turn = ask(page, "How much did the works on the Ponte Nuovo cost?")
    sides = turn.locator(".side")
    assert sides.count() == 2
    assert {"12 million", "19 million"} == {
        re.search(r"\d+ million", words)[0] for words in sides.all_inner_texts()}
    first, second = (sides.nth(at).bounding_box() for at in (0, 1))
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]


def test_how_it_was_found_can_be_unfolded_and_stays_so(page: Any) -> None:
    turn = ask(page, INSTRUCTORS)
    turn.locator("summary").click()
    assert "Passages that were read" in turn.locator(".found").inner_text()
    ask(page, "Who leads the junta?")
    assert page.locator("#turn-1 details").evaluate("e => e.open") is True


def test_examples_and_next_steps_are_questions_that_are_answered(page: Any) -> None:
    page.wait_for_selector("#offers .suggestion")
    question = page.locator("#offers .suggestion").first.inner_text()
    page.locator("#offers .suggestion").first.click()
    page.wait_for_selector("#history .turn")
    assert page.locator("#history .question").inner_text() == question
    assert page.locator("#history .answer.answered").count() == 1


def test_a_conversation_survives_a_reload_and_ends_with_new(page: Any, watch: Watch) -> None:
    ask(page, INSTRUCTORS)
    reload(page, watch)
    page.wait_for_selector("#history .turn")
    assert page.locator("#history .short").inner_text() == "100"
    page.get_by_role("button", name="New", exact=True).click()
    page.wait_for_selector("#offers .welcome")
    assert page.locator("#history .turn").count() == 0


def test_another_tab_has_its_own_conversation(page: Any, served: Served) -> None:
    ask(page, INSTRUCTORS)
    other = page.context.new_page()
    other.goto(served.url)
    other.wait_for_selector("#offers .welcome")
    assert other.locator("#history .turn").count() == 0


@contextmanager
def both_places_taken(page: Any, served: Served) -> Iterator[None]:
    """Whoever asks inside the block waits."""
    gate, loop = served.desk.gate, gate_loop(served, page)
    for _ in range(2):
        asyncio.run_coroutine_threadsafe(gate.enter(), loop).result(10)
    try:
        yield
    finally:
        for _ in range(2):
            loop.call_soon_threadsafe(gate.leave)


def test_stop_takes_a_waiting_question_back(page: Any, served: Served) -> None:
    """Both places are taken, so that the question waits until it is stopped."""
    with both_places_taken(page, served):
        page.fill("#question textarea", INSTRUCTORS)
        page.keyboard.press("Enter")
        page.wait_for_selector("#stop")
        page.wait_for_function(
            "document.querySelector('#pending').textContent.includes('Waiting for its turn')")
        page.keyboard.press("Escape")
        page.wait_for_function("document.querySelector('#pending').textContent.includes('Stopped')")
        page.wait_for_function(
            "words => document.querySelector('#question textarea').value === words",
            arg=INSTRUCTORS)
        page.wait_for_selector("#ask")
    assert page.locator("#history .turn").count() == 0
    assert ask(page, INSTRUCTORS).locator(".short").inner_text() == "100"
    for _ in range(150):
        if served.desk.gate.idle:
            break
        page.wait_for_timeout(100)
    assert served.desk.gate.idle


@contextmanager
def both_asked(page: Any, served: Served) -> Iterator[None]:
    """The first question waits for a place, the second was typed and sent off meanwhile."""
    with both_places_taken(page, served):
        page.fill("#question textarea", INSTRUCTORS)
        page.keyboard.press("Enter")
        page.wait_for_selector("#stop")
        page.fill("#question textarea", "Whom did the coup oust?")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('#status').textContent === 'Asked next'")
        yield


def test_a_question_sent_off_meanwhile_is_asked_next(page: Any, served: Served) -> None:
    with both_asked(page, served):
        pass
    page.wait_for_function("document.querySelectorAll('#history .turn').length === 2"
                           " && !document.querySelector('#stop')")
    asked = page.locator("#history .question").all_inner_texts()
    assert asked == [INSTRUCTORS, "Whom did the coup oust?"]
    assert page.locator("#history .short").all_inner_texts() == ["100", "Mohamed Bazoum"]
    assert page.input_value("#question textarea") == ""


def test_stop_leaves_the_next_question_in_the_box(page: Any, served: Served) -> None:
    with both_asked(page, served):
        page.keyboard.press("Escape")
        page.wait_for_function("document.querySelector('#pending').textContent.includes('Stopped')")
    page.wait_for_function("document.querySelector('#status').textContent !== 'Asked next'")
    assert page.input_value("#question textarea") == "Whom did the coup oust?"
    assert page.locator("#history .turn").count() == 0


def gate_loop(served: Served, page: Any) -> asyncio.AbstractEventLoop:
    """The server's event loop, as a question that went through the gate left it there."""
    ask_once = page.request.post(served.url + "search", data={"question": "Niger", "k": 1})
    assert ask_once.ok
    return served.desk.loop


def test_mistakes_are_one_sentence(page: Any) -> None:
    page.fill("#question textarea", "?" * 12)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pending .notice")
    assert "has no words" in page.locator("#pending .notice").inner_text()
    page.wait_for_function(
        "document.querySelector('#question textarea').value === '????????????'")
    assert "Traceback" not in page.content()


def test_the_list_can_be_filtered(page: Any) -> None:
    page.fill("#filter", "auditors nuovo")
    page.wait_for_function("document.querySelectorAll('#shelf .entry').length === 1")
    page.fill("#filter", "no such article")
    page.wait_for_selector("#shelf .none")


def test_export_is_markdown_with_quotes_and_sources(page: Any) -> None:
    ask(page, INSTRUCTORS)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    words = Path(waiting.value.path()).read_text("utf-8")
    assert "> According to State\\-run Radio Television du Niger, 100 Russian" in words
    assert "000\\_d2a85b7b0d5c59d4.txt" in words


def test_a_receipt_can_be_checked_without_the_page(page: Any, served: Served) -> None:
    from rag import receipt

    turn = ask(page, INSTRUCTORS)
    with page.expect_download() as waiting:
        turn.get_by_role("button", name="Receipt").click()
    checked = receipt.verify(Path(waiting.value.path()), served.folder)
    assert checked.holds, checked.problem


def test_feedback_becomes_a_case_of_the_evaluation(page: Any, served: Served) -> None:
    turn = ask(page, INSTRUCTORS)
    turn.get_by_role("button", name="Wrong").click()
    page.fill("#correction-1", "one hundred")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Kept on this machine")
    assert '"answers": ["one hundred"]' in served.feedback.read_text("utf-8")


@pytest.mark.parametrize("context_values", [{"viewport": {"width": 390, "height": 844}}])
def test_a_narrow_screen_stacks(page: Any) -> None:
    turn = ask(page, INSTRUCTORS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    talk, side = (page.locator(one).bounding_box() for one in ("#talk", "#side"))
    assert side["y"] >= talk["y"] + talk["height"] - 1
    turn.locator(".cite").first.click()
    page.wait_for_selector("#article-pane mark")
    page.wait_for_function(
        "(() => { const y = document.querySelector('mark').getBoundingClientRect().y;"
        " return y > 0 && y < 844; })()")
    page.get_by_role("button", name="Back to the answer").click()
    assert page.evaluate("document.activeElement.className") == "cite"


def test_dark_is_a_choice_that_stays(page: Any, watch: Watch) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    reload(page, watch)
    page.wait_for_selector("#shelf .entry")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_everything_is_reached_with_the_keyboard_in_the_order_it_is_read(page: Any) -> None:
    ask(page, INSTRUCTORS)
    page.locator("#history").evaluate("e => { e.tabIndex = -1; e.focus(); }")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(
            "document.activeElement.className || document.activeElement.tagName"))
    assert reached == ["cite", "confidence", "quiet", "quiet", "quiet", "SUMMARY"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Any, theme: str, watch: Watch) -> None:
    from axe_playwright_python.sync_playwright import Axe

    ask(page, INSTRUCTORS)
    turn = ask(page, "Which song won the song contest in Malmö?")
    turn.locator("summary").click()
    ask(page, "How much did the works on the Ponte Nuovo cost?")
    if theme == "dark":
        page.get_by_role("button", name="Dark").click()
    page.mouse.move(0, 0)
    results = Axe().run(page, options={"runOnly": {
        "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}})
    assert [f"{found['id']}: {[node['html'][:160] for node in found['nodes'][:3]]}"
            for found in results.response["violations"]] == []


def test_the_page_shows_how_far_the_opening_is(
    browser: Any, chromium: str, seeds: Path, tmp_path: Path
) -> None:
    import threading

    from ui.app import application, server_of
    from ui.desk import Desk, Progress

    desk = Desk(seeds, tmp_path / "index")
    desk.progress = Progress("embedding", 3, 12)
    port = free_port()
    server = server_of(application(desk, feedback=tmp_path / "f"), "127.0.0.1", port)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            pass
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("#offers progress")
        assert page.locator("#offers progress").evaluate("e => [e.value, e.max]") == [3, 12]
        assert page.locator("#offers .count").inner_text() == "Embedding: 3 of 12"
        opener = threading.Thread(target=desk.open)
        opener.start()
        page.wait_for_selector("text=Ask 2 articles", timeout=60_000)
        opener.join()
        context.close()
    finally:
        server.should_exit = True
        thread.join(20)
        desk.close()
