"""Whether a sentence says it of another name that stands where the question's would.

"Who is the mayor of Lossing?" is not answered by "The mayor of Varde, Jonas Wieck, ...", nor
"When was the Anna Linde built?" by "The Marta Linde was built in 1998". A reader is drawn to such
sentences, because all else fits. Only words are compared: a name counts as the other one where it
differs from the question's in one of several words, or where both go with the same word, as in
"mayor of Varde" or "Varde voted". A sentence that names the question's name as well is not
doubted, but where it is asked what a name is and the answer explains another: "What is the Sahel?"
and "a specialist in the Sahel for the Adenauer Foundation, a group which promotes democracy".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise

from rag.compare.names import TITLES
from rag.language.nouns import PERSON_NOUNS
from rag.language.opposites import alike
from rag.language.terms import Term, inside, is_month, keys, keys_inside, terms
from rag.questions.intent import AUXILIARY, Asked

_VERBAL = frozenset(AUXILIARY) | frozenset("be been being to".split())
# "The Adenauer Foundation, ": what follows says what that is.
_EXPLAINED = re.compile(r"([A-Z][\w’'-]*)\s*[,(—–]\s*\Z")
# "The ferry was", "The Danish ferry, built": what a sentence begins with, and no name after it.
_SUBJECT = re.compile(r"[Tt]he\s+(?:[a-z][\w-]*\s+)??([a-z][\w-]*)(?=,|\s+(?:is|was|are|were|has|"
                      r"had|will|would|can|could|\w+ed|\w+s)\b)")
# "The clerk reported that the roof ...": what follows is about something else than the clerk.
_REPORTS = re.compile(
    r"\s+(?:has\s+|had\s+)?(?:said|says|reported|reports|told|tells|added|adds|announced|explained|"
    r"warned|argued|noted|confirmed|claimed|wrote|thought|believed|believes|found|showed)\b")
_NAME = r"([A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)"
# "Who is the mayor of Lossing", "the head of Dunmore Mill": an office and whose it is.
_OFFICE = re.compile(
    rf"\b(?i:who)\b.*?\b(?P<noun>[\w-]+)\s+of\s+(?:the\s+)?(?P<name>{_NAME})")
# "... landed in Zambia?": what is done, and where.
_DONE_IN = re.compile(
    rf"\b(?P<does>[a-z]+)\s+(?P<at>in|to|at|from)\s+(?:the\s+)?(?P<name>{_NAME})\s*\?*\Z")
_MANY_NAMED = keys_inside("America US USA United States Kingdom Britain England UK")
_NEAR = 160  # characters before and after a sentence that are about what it is about
_MISSPELT = 0.86  # likeness of the same name with a letter wrong; Gambia and Zambia have 0.83
_OFTEN = 3  # times that a name is mentioned, at least, of which an article is
_WHERE = frozenset("in of at from on near by to for with".split())
# Where something lies that has a name of its own: what is near Varde is not near Lossing.
_BESIDE = frozenset("near outside off behind beyond opposite above below".split())
_HAVE = frozenset(("have", "has", "had"))
_DETERMINERS = frozenset("a an the no its his her their some".split())
_FAR = 3  # words at most between a name and the word that it goes with
# Words that a number behind them makes a name: "Flight 370", "article 5".
_NUMBERED = frozenset(
    "act apartment appendix article batch block bus chapter class clause day division episode "
    "exhibit figure flight floor gate grade group highway item lesson level line lot model number "
    "page phase platform ring room round route row season section series stage step table team "
    "terminal track tram type unit verse version volume ward week zone".split())


@dataclass(frozen=True, slots=True)
class _Name:
    """A run of capitalised words.

    Attributes:
        start: First character.
        keys: Of its words, without titles.
        acronym: Whether it stands for other words.
        of: The word before it, as in "mayor of Varde", and "schools near Varde" with its "near".
        does: The word after it, as in "Varde voted", "Varde has voted".
    """

    start: int
    keys: tuple[str, ...]
    acronym: bool
    of: str | None
    does: str | None


def another(asked: Asked, sentence: str, answer: int, passage: str = "") -> bool:
    """Tell whether a sentence has another name in the place of one of the question's.

    Args:
        asked: The question.
        sentence: The words of the sentence that an answer stands in.
        answer: First character of the answer in it; its length for no answer in particular.
        passage: The words around it, which tell of its first word whether that is a name.
    """
    explained = _EXPLAINED.search(sentence[:answer])
    if explained and asked.broad and len(asked.names) == len(asked.terms):
        keys = {t.key for t in asked.names}
        return not any(_spelt(t.key, keys) for t in terms(explained[1]))
    if answer < len(sentence):  # "Ann left in May; Ben stayed": another half tells of another
        low, high = sentence.rfind(";", 0, answer) + 1, sentence.find(";", answer)
        sentence, answer = sentence[low : high if high >= 0 else None], answer - low
    words = terms(sentence)
    present = {t.key for t in words if t.kind != "empty"}
    told = _designated(words)
    mine_told = _designated(terms(asked.text))
    if any(key in told and number not in present for key, number in mine_told.items()):
        return True
    theirs = [name for name in _names(_opened(words, passage)) if name.start != answer]
    for mine in _names(terms(asked.text)):
        if mine.acronym or all(_spelt(key, present) for key in mine.keys):
            continue
        if theirs and theirs[0].start < answer and _namesake(mine.keys, theirs[0].keys, present):
            return True
        if not any(_spelt(key, present) for key in mine.keys) and any(
                _same_place(mine, other) for other in theirs):
            return True
    return False


def role_of_another(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether a span is what a text calls somebody whom the question does not name.

    "What was Ada Bell's job?" is not answered by "the set designer" Carl Dorn.
    """
    last = passage[start:end].rpartition(" ")[2]
    follows = re.match(rf"\s+{_NAME}", passage[end:])
    if not follows or not last.islower() or not asked.names or asked.wanted == "person":
        return False
    mine = {t.key for t in asked.names}
    return _office(last) and not any(_spelt(t.key, mine) for t in terms(follows[1]))


def of_another(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether a sentence begins with what its passage calls another name than the question's.

    "When was the Petrel built?" is not answered by "The ferry, built in 1987, ..." where the ferry
    is the Marta: "The passenger ferry Marta hit the pier". A question that has the noun itself is
    not doubted. No sentence of 7,704 annotated answers is such a one.

    Args:
        asked: The question.
        passage: The words of the passage.
        start: First character of the sentence in it.
        end: One past its last.
    """
    subject = _SUBJECT.match(passage, start, end)
    if subject is None or _REPORTS.match(passage, subject.end()):
        return False
    if any(t.key == terms(subject[1])[-1].key for t in asked.terms):
        return False
    noun = re.escape(subject[1])
    called = [terms(m[1]) for m in re.finditer(
        rf"\b(?:[Tt]he|[Aa]n?)\s+(?:[\w-]+\s+)??(?:[\w-]+\s+)??{noun}\s+{_NAME}", passage)]
    mine = [t for t in asked.names if not t.text.isupper()]
    sentence = {t.key for t in terms(passage[start:end])}
    return bool(called and mine) and not any(_spelt(t.key, sentence) for t in mine) and not any(
        _spelt(t.key, {k.key for k in name}) for name in called for t in mine)


def of_elsewhere(asked: Asked, passage: str, start: int, end: int, title: str, article: str
                 ) -> bool:
    """Tell whether an office or an event is asked for, of a name that the article is not about.

    "Who was the president of Zambia?" is not answered by "a coup ousted President Jawara" in an
    article about the Gambia that mentions Zambia once: what is said of an office without its place
    is said of the article's own. Nor does "20 planes landed in Banjul" tell how many landed in
    Zambia. A name that the title has, or that stands near the sentence, or
    that is mentioned a third as often as another, is one that the article is about.

    Args:
        asked: The question.
        passage: The words of the passage.
        start: First character of the sentence in it.
        end: One past its last.
        title: The article's title.
        article: All words of the article that were read.
    """
    office = _OFFICE.search(asked.text) if asked.wanted == "person" else None
    if office is not None and not _office(office["noun"].lower()):
        return False
    told = office or _done_where(asked, passage[start:end])
    if told is None:
        return False
    mine = {t.key for t in inside(told["name"]) if t.kind == "name"
            and t.text.lower() not in TITLES}
    near = keys(title) | keys_inside(passage[max(0, start - _NEAR) : end + _NEAR])
    if not mine or mine & near:
        return False
    words = terms(article)
    count = Counter(t.key for t in words)  # at a sentence's beginning a name looks like any word
    names = {t.key for t in words if t.kind == "name" and not is_month(t.text)} - mine
    if any(get_close_matches(key, names, 1, _MISSPELT) for key in mine if not count[key]):
        return False
    most = max((count[key] for key in names), default=0)
    return most >= _OFTEN and 3 * max(count[key] for key in mine) <= most


def _done_where(asked: Asked, sentence: str) -> re.Match[str] | None:
    """Match the place of what is asked about, where a sentence has it done in another place."""
    place = _DONE_IN.search(asked.text)
    if place is None or keys_inside(place["name"]) & _MANY_NAMED:
        return None
    does = keys(place["does"])
    others = re.finditer(rf"\b([a-z]+)\s+{place['at']}\s+(?:the\s+)?{_NAME}", sentence)
    return place if does and any(keys(m[1]) == does for m in others) else None


def _office(noun: str) -> bool:
    return noun in PERSON_NOUNS or noun.endswith(("er", "or", "ist", "ian"))


def _designated(words: Sequence[Term]) -> dict[str, str]:
    """Return numbers that are parts of names ("Flight 370"), by the word before them."""
    return {one.key: two.key for one, two in pairwise(words)
            if two.text.isdigit() and two.start - one.end == 1
            and (one.text.lower() in _NUMBERED or (one.kind == "name" and not is_month(one.text)))}


def _namesake(mine: tuple[str, ...], other: tuple[str, ...], present: Collection[str]) -> bool:
    """Whether two names of several words differ in one: "Anna Linde", "Marta Linde"."""
    differing = [a for a, b in zip(mine, other, strict=False) if a != b]
    return len(mine) == len(other) > 1 and len(differing) == 1 and not _spelt(differing[0], present)


def _same_place(mine: _Name, other: _Name) -> bool:
    return ((mine.of is not None and mine.of == other.of)
            or (mine.does is not None and other.does is not None
                and (mine.does == other.does or other.does in alike(mine.does))))


def _spelt(key: str, others: Collection[str]) -> bool:
    """Whether a key is among others, be it with a letter or two wrong or with an ending."""
    return key in others or bool(get_close_matches(key, others, 1, 0.75))


def _opened(words: Sequence[Term], passage: str) -> Sequence[Term]:
    """Return the words of a sentence, its first as a name where the passage has it as one."""
    first = words[0] if words else None
    if first is None or first.kind != "word" or not first.text[0].isupper():
        return words
    named = re.search(rf"[a-z,;]\s+{re.escape(first.text)}(?!\w)", passage)
    return (replace(first, kind="name"), *words[1:]) if named else words


def _names(words: Sequence[Term]) -> list[_Name]:
    found = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].kind == "name" and (
                end == at or words[end].start - words[end - 1].end == 1):
            end += 1
        if end > at:
            run = words[at:end]
            # A person may be called by another title and stays the same one.
            plain = [t for t in run if t.text.lower() not in TITLES] or run
            acronym = len(run) == 1 and run[0].text.isupper()
            found.append(_Name(run[0].start, tuple(t.key for t in plain), acronym,
                               _of(words[:at]), _does(words[:at], words[end:])))
        at = max(end, at + 1)
    return found


def _of(before: Sequence[Term]) -> str | None:
    links = [t.text.lower() for t in before[-3:]]
    if links[-1:] and links[-1] in _BESIDE and len(before) > 1 and before[-2].kind == "word":
        return f"{before[-2].key} {links[-1]}"
    if links[-1:] == ["of"]:
        at = -2
    elif links[-2:] == ["of", "the"]:
        at = -3
    else:
        return None
    return before[at].key if len(before) >= -at and before[at].kind == "word" else None


def _does(before: Sequence[Term], after: Sequence[Term]) -> str | None:
    if before and before[-1].text.lower() in _WHERE:
        return None  # "the Meridian in Castrel holds": Castrel does nothing
    for at, word in enumerate(after[:_FAR]):
        if word.kind == "word":
            return word.key
        if word.text.lower() in _HAVE and (at + 1 == len(after) or after[at + 1].kind == "number"
                                           or after[at + 1].text.lower() in _DETERMINERS):
            return "have"  # "The Crown has nine rooms", "How many does the Crown have?"
        if word.text.lower() not in _VERBAL:
            return None
    return None
