"""Wishes for a summary: of all articles, of one of them, or of what they say on a subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.conversation.mentions import mentions
from rag.language.words import content_stems
from rag.types import Turn

_GIST = (
    r"(?:summari[sz]e|sum up|(?:give|show|write|tell) (?:me |us )?(?:a |an |the )?"
    r"(?:short |brief |quick )?(?:summary|overview|gist|outline|main points)(?: of)?"
    r"|(?:a |the )?(?:short |brief )?(?:summary|overview|gist|main points) of"
    r"|what(?: are| is|'s) the (?:main|key) (?:points?|ideas?|facts?|message)s? (?:of|in))"
)
_ALL = (
    r"(?:(?:all |both )?(?:of )?(?:these |the |those |your |my )?(?:two |three |four |five )?"
    r"(?:articles|texts|documents|files|stories|reports|sources)|(?:it |them )?all|everything"
    r"|all of (?:it|them)|them|this|these)"
)
_ARTICLE = r"(?:article|text|document|file|story|report|piece|one)"
_ORDINALS = {
    name: place
    for place, names in enumerate(
        ("first 1st 1 one", "second 2nd 2 two", "third 3rd 3 three", "fourth 4th 4 four",
         "fifth 5th 5 five", "sixth 6th 6 six", "seventh 7th 7 seven", "eighth 8th 8 eight",
         "ninth 9th 9 nine", "tenth 10th 10 ten")
    )
    for name in names.split()
}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True)) + "|last|latest"
_WHICH = (
    rf"(?:(?:the |that |this )?(?:(?P<ordinal>{_ORDINAL}) {_ARTICLE}"
    rf"|{_ARTICLE} (?:number |no )?(?P<number>{_ORDINAL})|(?P<ordinal2>{_ORDINAL})"
    rf"|(?P<this>(?:the |that |this )(?:same )?{_ARTICLE}|it|that|this)))"
)
_LEAD = r"(?:(?:and|so|ok|okay|now|please|then|well|(?:can|could|would) you(?: please)?) )*"
_EVERYTHING = re.compile(
    rf"{_LEAD}(?:{_GIST}(?: {_ALL})?|tl ?dr|what(?: are| is|'s) {_ALL}(?: all)? about"
    rf"|what do {_ALL} (?:say|tell(?: us| me)?|talk about|cover|describe|discuss)"
    r"|what do they (?:say|talk about|cover|discuss))(?: please| briefly| for me)*"
)
_ONE = re.compile(
    rf"{_LEAD}(?:{_GIST} {_WHICH}"
    rf"|what(?: is|'s) {_WHICH.replace('?P<', '?P<b_')} (?:all )?about"
    rf"|what does {_WHICH.replace('?P<', '?P<c_')} (?:say|tell us|talk about|cover|describe))"
    r"(?: please| briefly| for me)*"
)
_TOPIC = re.compile(
    rf"{_LEAD}(?:what (?:do|does) (?:they|{_ALL}) (?:say|tell us|tell me|report|write|have to say)"
    rf" (?:about|on|of|concerning|regarding) (?P<a>.+)"
    rf"|(?:summari[sz]e|sum up) (?:what (?:{_ALL}|they) (?:say|report|write) (?:about|on) |"
    r"everything (?:about|on) )(?P<b>.+)"
    rf"|{_GIST} (?:what (?:they|{_ALL}) say (?:about|on) )(?P<c>.+)"
    rf"|what(?: is|'s) (?:said|reported|written)(?: in {_ALL})? (?:about|on) (?P<d>.+))"
)
_TITLED = re.compile(
    rf"{_LEAD}(?:{_GIST} (?:the )?{_ARTICLE} (?:about|on|called|titled|entitled|with the title) "
    rf"(?P<a>.+)|what(?: is|'s) the {_ARTICLE} (?:called|titled|entitled) (?P<b>.+) about"
    rf"|{_GIST} (?P<c>.+))"
)


@dataclass(frozen=True, slots=True)
class Overview:
    """A wish for a summary.

    Attributes:
        articles: Names of the articles meant; empty for all.
        topic: The subject, in the question's own words; None for no subject in particular.
    """

    articles: tuple[str, ...] = ()
    topic: str | None = None


def overview(
    question: str, names: Sequence[str], titles: Sequence[str], turns: Sequence[Turn] = ()
) -> Overview | None:
    """Read a wish for a summary; None when the question is anything else.

    Args:
        question: The question as asked.
        names: Names of the articles, in the order in which people see them.
        titles: Their titles, in the same order.
        turns: The turns before it, oldest first.
    """
    plain = " ".join(re.sub(r"[^\w%$€£.'-]+", " ", question.replace("’", "'")).split())
    plain = plain.strip(" .?!'")
    folded = plain.casefold()
    cited = _cited(turns)
    one = _ONE.fullmatch(folded)
    if one:
        groups = {k.split("_")[-1]: v for k, v in one.groupdict().items() if v}
        asks = one["b_this"] or one["c_this"]
        named = groups.get("ordinal") or groups.get("number") or groups.get("ordinal2")
        if named:
            chosen = _numbered(named, cited if len(cited) > 1 else names)
            return Overview((chosen,)) if chosen else None
        if asks in ("it", "that", "this"):
            # "What is it about?" and "What does it say?" ask of a thing just named.
            return None if turns else Overview()
        return Overview(cited[:1]) if cited or not turns else None
    if _EVERYTHING.fullmatch(folded):
        return Overview()
    topic = _TOPIC.fullmatch(folded)
    if topic and not (re.search(r"\bdo they\b", folded) and _named_people(turns)):
        return Overview(topic=plain[-len(next(filter(None, topic.groups()))) :])
    titled = _TITLED.fullmatch(folded)
    if titled:
        words = next(filter(None, titled.groups()))
        found = _titled(words, names, titles)
        if found:
            return Overview((found,))
        return Overview(topic=plain[plain.casefold().rfind(words) :][: len(words)])
    return None


def _cited(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Names of the articles that the newest turn cited, in order."""
    if not turns:
        return ()
    return tuple(dict.fromkeys(c.article for c in turns[-1].answer.citations))


def _named_people(turns: Sequence[Turn]) -> bool:
    """Whether the newest answer names several that "they" may mean."""
    short = turns[-1].answer.short if turns else None
    found = mentions(short) if short and len(short.split()) <= 12 else ()
    people = [m for m in found if m.kind in ("person", "group")]
    return len(people) > 1 or any(m.plural and m.kind == "person" for m in found)


def _numbered(word: str, names: Sequence[str]) -> str | None:
    if word in ("last", "latest"):
        return names[-1] if names else None
    place = _ORDINALS[word]
    return names[place] if place < len(names) else None


def _titled(words: str, names: Sequence[str], titles: Sequence[str]) -> str | None:
    """The article whose title holds most of the words, if it holds at least two thirds of them."""
    wanted = content_stems(words)
    if not wanted:
        return None
    shares = [len(wanted & content_stems(title)) / len(wanted) for title in titles]
    best = max(range(len(shares)), key=shares.__getitem__, default=-1)
    if best < 0 or shares[best] < 2 / 3 or shares.count(shares[best]) > 1:
        return None
    return names[best]
