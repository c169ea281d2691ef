"""The subject of a yes/no question: whether a sentence says it of the same one."""

from __future__ import annotations

import re

from rag.demonyms import country
from rag.evidence import Quote
from rag.groups import same
from rag.opposites import alike
from rag.questions import AUXILIARY, Asked
from rag.reader import Reader
from rag.terms import terms
from rag.types import Hit

# Margin below which the reader sees no subject at all.
_BLIND = -6.0
# Longest subject, in words; longer spans are none.
_SUBJECT_WORDS = 8


def subject_fits(asked: Asked, quote: Quote, hit: Hit, reader: Reader) -> bool:
    """Tell whether the question's subject is the sentence's, too.

    Where the order of the words tells nothing, the reader is asked for the subject.
    """
    split = subject(asked.text)
    if split is None:
        return True
    name, question = split
    passage = hit.passage
    ordered = _order(
        asked, name,
        passage.text[quote.start - passage.start : quote.end - passage.start],
    )
    if ordered is not None:
        return ordered
    candidates = reader.read(question, [hit], spans=3)
    quoted = [c for c in candidates if quote.start <= c.start < quote.end]
    if not quoted or quoted[0].margin < _BLIND:
        return True  # the reader sees no subject here: it has nothing against it
    words = terms(quoted[0].text)
    if len(words) > _SUBJECT_WORDS or all(t.kind != "name" for t in words):
        return True  # a whole sentence, or "the country", whose name stands elsewhere
    told = {t.key for t in terms(quoted[0].text)}
    return bool(told & {t.key for t in terms(name)}) or same(asked, quoted[0].text, name)


def _order(asked: Asked, name: str, sentence: str) -> bool | None:
    """Tell by the order of words whether a name does to another what the question says.

    Returns:
        True for "A ousted B" and "B was ousted by A", False for "B ousted A" where A is the
        question's subject, None where the words do not stand so.
    """
    does = {t.key for t in terms(name) if t.kind != "empty"}
    others = {t.key for t in asked.names} - does
    verbs = {t.key for t in asked.words}
    verbs |= {other for key in verbs for other in alike(key)}
    words = terms(sentence)
    verdicts = set()
    for at, word in enumerate(words):
        if word.key not in verbs:
            continue
        before = {t.key for t in words[:at]}
        after = [t.key for t in words[at + 1 :]]
        first = next((i for i, key in enumerate(after) if key in does | others), None)
        if first is None or not (does | others) & before:
            continue
        passive = "by" in after[:first]
        if after[first] in others and does & before:
            verdicts.add(not passive)
        elif after[first] in does and others & before:
            verdicts.add(passive)
    if not verdicts:
        return None
    return True in verdicts


def subject(question: str) -> tuple[str, str] | None:
    """Return the subject of a yes/no question and the question for it.

    Only where the subject is a name, or all between the auxiliary and a second determiner.

    Example:
        >>> subject("Did Russia send trainers to Niger?")
        ('Russia', 'Who send trainers to Niger?')
    """
    match = re.match(
        rf"(?P<aux>{'|'.join(AUXILIARY)})(?:n['’]t)?\s+"
        r"(?P<name>(?:the\s+)?[A-Z][\w.’'-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.’'-]*)*)\s+(?P<rest>.+)",
        question, re.I,
    )  # fmt: skip
    if match is None or not match["name"].removeprefix("the ")[:1].isupper():
        return None
    first = match["aux"].lower()
    name = _cased(match["name"])
    if not name or country(name.split()[-1].lower()) not in (None, name.split()[-1].lower()):
        return None  # "French forces": an adjective is no subject
    rest = match["name"][len(name) :] + " " + match["rest"]
    helper = "" if first in ("do", "does", "did") else f" {first}"
    return name, f"Who{helper} {rest.strip()}"


def _cased(words: str) -> str:
    """Return the leading words that are a name: capitalised, or small words between capitals."""
    taken = 0
    for match in re.finditer(r"\S+", words):
        if match.group()[0].isupper():
            taken = match.end()
        elif match.group() not in ("of", "the"):
            break
    return words[:taken]
