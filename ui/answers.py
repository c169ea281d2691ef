"""One turn of a conversation as markup: the answer first, then what it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag import Answer, Citation
from ui.folded import Exchange
from ui.found import how_found
from ui.render import NOTHING, Html, join, tag, text

# Words for the fitted probability that the answer is right; the number is shown on hover.
CONFIDENCE = ((0.9, "Very likely right"), (0.75, "Likely right"), (0.5, "Probably right"),
              (0.0, "Uncertain"))
# Characters up to which an answer's first line is set large.
SHORT = 120


def confidence_word(probability: float) -> str:
    """Return the plain word for a probability in [0, 1]."""
    return next(word for least, word in CONFIDENCE if probability >= least)


def source_line(citation: Citation) -> Html:
    """Return title, publisher and date of a citation's article on one line."""
    parts: list[Html] = [tag("cite", citation.title or citation.article)]
    if citation.publisher:
        parts.append(tag("span", citation.publisher, cls="publisher"))
    if citation.published:
        parts.append(day(citation.published.isoformat()))
    return tag("p", *parts, cls="source")


def day(iso: str) -> Html:
    """Return a day (YYYY-MM-DD) as a time element."""
    return tag("time", iso, datetime=iso)


def marker(citation: Citation, turn: int, digests: Mapping[str, str]) -> Html:
    """Return the button that opens a citation in its article."""
    return tag(
        "button", citation.number, cls="cite",
        data_article=citation.article, data_digest=digests.get(citation.article, ""),
        data_start=citation.start, data_end=citation.end, data_turn=turn,
        aria_label=f"Citation {citation.number}: read it in {citation.title or citation.article}",
    )


def quote(citation: Citation, turn: int, digests: Mapping[str, str], short: str | None) -> Html:
    """Return a citation as a list item: its quote with the answer's words set off, its source."""
    voice = citation.said_by
    said = tag("p", voice, cls="said") if voice and voice not in citation.quote else None
    return tag(
        "li",
        marker(citation, turn, digests),
        tag("blockquote", _set_off(citation.quote, short), dir="auto"),
        source_line(citation), said,
    )


def _set_off(words: str, short: str | None) -> Html:
    at = words.find(short) if short else -1
    if not short or at < 0 or len(short) > 0.8 * len(words):
        return text(words)
    return join([words[:at], tag("strong", short), words[at + len(short):]])


def _body(answer: Answer, turn: int, digests: Mapping[str, str]) -> Html:
    if answer.outcome == "not_found":
        return join(tag("p", line, cls="refusal", dir="auto") for line in _lines(answer.text))
    parts = sections(answer)
    if answer.outcome == "disputed":
        return _dispute(answer, parts, turn, digests)
    return join(_section(place, words, cited, answer, turn, digests)
                for place, (words, cited) in enumerate(parts))


def sections(answer: Answer) -> list[tuple[str, list[Citation]]]:
    """Take an answer's text apart: what it says, each with the citations that follow it."""
    parts: list[tuple[str, list[Citation]]] = []
    position = 0
    for citation in answer.citations:
        quoted = f"“{citation.quote}” [{citation.number}]"
        at = answer.text.find(quoted, position)
        if at < 0:
            continue
        said = _without_voice(answer.text[position:at].strip(), parts)
        if said or not parts:
            parts.append((said, []))
        parts[-1][1].append(citation)
        position = at + len(quoted)
    said = _without_voice(answer.text[position:].strip(), parts)
    if said:
        parts.append((said, []))
    return parts


def _without_voice(said: str, parts: Sequence[tuple[str, Sequence[Citation]]]) -> str:
    """Drop who said the quote before, which is shown beside its source."""
    voice = parts[-1][1][-1].said_by if parts and parts[-1][1] else None
    return said.removeprefix(f"({' '.join(voice.split())})").strip() if voice else said


def _lines(words: str) -> list[str]:
    return [line for line in words.split("\n") if line.strip()]


def _section(place: int, words: str, cited: Sequence[Citation], answer: Answer, turn: int,
             digests: Mapping[str, str]) -> Html:
    lead = place == 0 and len(words) <= SHORT and bool(cited)
    if answer.short and words.casefold() == f"{answer.short}.".casefold():
        words = words.removesuffix(".")
    return join([
        # A "[1]" in these words is the article's own: ours stand behind quotes, and are taken off.
        *(tag("p", line, dir="auto", cls="short" if lead else "long" if cited else "note")
          for line in _lines(words)),
        _quotes(cited, turn, digests, answer.short),
    ])


def _quotes(cited: Sequence[Citation], turn: int, digests: Mapping[str, str],
            short: str | None) -> Html:
    if not cited:
        return NOTHING
    return tag("ol", *(quote(c, turn, digests, short) for c in cited), cls="quotes")


def _dispute(answer: Answer, parts: Sequence[tuple[str, list[Citation]]], turn: int,
             digests: Mapping[str, str]) -> Html:
    """Return what the sides say, next to each other."""
    lead, _, first = parts[0][0].partition("\n") if parts else ("", "", "")
    sides = [(first if place == 0 else words, cited)
             for place, (words, cited) in enumerate(parts) if cited]
    told = answer.trace.get("sides")
    known = told if isinstance(told, Sequence) and len(told) == len(sides) else [{}] * len(sides)
    return join([
        tag("p", lead, cls="disputed-lead", dir="auto"),
        tag("div", *(_side(words, cited, side, turn, digests)
                     for (words, cited), side in zip(sides, known, strict=True)), cls="sides"),
        *(tag("p", words, cls="note", dir="auto") for words, cited in parts[1:] if not cited),
    ])


def _side(words: str, cited: Sequence[Citation], side: Mapping[str, Any], turn: int,
          digests: Mapping[str, str]) -> Html:
    short, sources = side.get("text"), side.get("sources")
    said = short if isinstance(short, str) else words.removesuffix(":").strip()
    articles = side.get("articles", ())
    count = None
    if isinstance(sources, int) and len(articles) > 1:
        count = f"{len(articles)} articles, {sources} source{'' if sources == 1 else 's'}"
    return tag(
        "section",
        tag("p", said, cls="short" if len(said) <= SHORT else "long", dir="auto"),
        tag("p", count, cls="count") if count else None,
        _quotes(cited, turn, digests, said),
        cls="side",
    )


def _searched(answer: Answer) -> Html:
    if answer.question.strip() == answer.asked.strip():
        return NOTHING
    return tag(
        "p", "Searched for: ", tag("span", answer.question, cls="resolved", dir="auto"), " ",
        tag("button", "Edit and ask again", cls="quiet", data_edit=answer.question),
        cls="searched",
    )


def _confidence(answer: Answer) -> Html:
    if answer.outcome == "not_found":
        return NOTHING
    percent = f"{answer.confidence:.0%}"
    word = confidence_word(answer.confidence)
    fitted = "calibrator" in answer.trace
    tells = (f"{percent} of answers like this are right" if fitted
             else f"{percent}: a careful guess, for an answer by a rule")
    if answer.outcome == "disputed":
        word, tells = "Disputed", f"The surest of the sides is right with {percent}"
    return tag(
        "span", tag("span", cls="dot", aria_hidden="true"), word,
        tag("span", f" ({percent})", cls="percent"),
        cls="confidence", tabindex=0, data_word=word.split()[0].lower(), title=tells,
    )


def _reading(answer: Answer) -> Html:
    """Return the nearest sentences under a refusal, marked as reading and not as an answer."""
    near = answer.trace.get("nearest")
    if not near or not isinstance(near, Sequence):
        return NOTHING
    return tag(
        "section", tag("h3", "The nearest sentences, to read. They are not an answer."),
        tag("ul", *(tag(
            "li",
            tag("button", one["title"] or one["article"], cls="open", dir="auto",
                data_article=one["article"], data_start=one["start"], data_end=one["end"]),
            tag("p", one["quote"], dir="auto"),
        ) for one in near)), cls="nearest",
    )


def _receipt(answer: Answer, turn: int) -> Html:
    if not answer.citations:
        return NOTHING
    return tag("button", "Receipt", cls="quiet", data_receipt=turn,
               title="Save what is needed to check this answer again: quotes, offsets, digests")


def _is_judged(answer: Answer) -> bool:
    """Tell whether the articles were read; small talk is neither right nor wrong."""
    return answer.outcome != "not_found" or bool(answer.trace.get("passages"))


def thanks() -> Html:
    """Return the line after a judgement was kept."""
    return tag("span", "Kept on this machine. Thank you.", cls="ask-feedback", role="status")


def feedback_bar(turn: int, verdict: str = "") -> Html:
    """Return the buttons that tell whether an answer was right, until it was told."""
    if verdict:
        return tag("div", thanks(), cls="feedback")
    return tag(
        "div",
        tag("span", "Was this right?", cls="ask-feedback"),
        tag("button", "Right", cls="quiet", data_feedback="right", data_turn=turn),
        tag("button", "Wrong", cls="quiet", data_feedback="wrong", data_turn=turn),
        cls="feedback", role="group", aria_label="Was this right?",
    )


def question_heading(asked: str) -> Html:
    """Return a person's question as the heading of its turn."""
    return tag("h2", asked, cls="question", dir="auto")


def turn_view(exchange: Exchange) -> Html:
    """Return one turn: the question, its answer and what belongs to it."""
    answer, number = exchange.answer, exchange.number
    return tag(
        "article",
        question_heading(answer.asked),
        tag("div",
            _searched(answer), _body(answer, number, exchange.digests), _reading(answer),
            tag("div", _confidence(answer), _receipt(answer, number),
                feedback_bar(number, exchange.verdict),
                cls="tools") if _is_judged(answer) else None,
            how_found(answer, exchange.excerpts),
            cls=f"answer {answer.outcome.replace('_', '-')}"),
        cls="turn", id=f"turn-{number}", data_turn=number,
    )


def suggestions(heading: str, questions: Sequence[str]) -> Html:
    """Return questions as buttons that ask them."""
    if not questions:
        return NOTHING
    return tag(
        "section", tag("h3", heading),
        tag("ul", *(tag("li", tag("button", question, cls="suggestion", data_ask=question,
                                  dir="auto")) for question in questions)),
        cls="suggestions",
    )
