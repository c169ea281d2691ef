"""A question -> the words and phrases that are looked up in the word index."""

from __future__ import annotations

import re
from itertools import pairwise

_WORD = re.compile(r"\w+")
_MOST = 64  # different words of a question that are searched
_NUMBERED = re.compile(r"(?<!\w)(\w+) (\d+)(?!\w)")
_STOP = frozenset(
    """a about all also am an and any are as at be been being but by can could did do does doing
    for from had has have having he her him his how i if in into is it its just me might must my
    no not of on or our ours say says she should so some such tell than that the their them then
    there these they this those to too us was we were what when where which who whom whose why
    will with would you your s t d ll m re ve""".split()
)


def phrase_expression(*phrases: str, within: int = 0) -> str | None:
    """Return an expression for all phrases, each word for word; None if one has no words.

    Args:
        phrases: What is looked for.
        within: Most words between two phrases; 0 for anywhere in one passage.

    >>> phrase_expression("Chinese instructors"), phrase_expression("Chinese", "art", within=6)
    ('"chinese instructors"', 'NEAR("chinese" "art", 6)')
    """
    quoted = [f'"{" ".join(_WORD.findall(p.lower().replace(chr(0), " ")))}"' for p in phrases]
    if not quoted or '""' in quoted:
        return None
    return f"NEAR({' '.join(quoted)}, {within})" if within else " AND ".join(quoted)


def query_phrases(question: str) -> tuple[str, ...]:
    """Return pairs of words that belong together: neighbours of one name, a word and its number.

    As a phrase they find what both words alone do not tell from others: "Aldport 100" where all
    articles are about Aldport and many hold a hundred.

    >>> query_phrases("Did Flight 370 leave Kuala Lumpur in 2014?")
    ('flight 370', 'kuala lumpur')
    """
    found = [(m.start(), f"{m[1]} {m[2]}") for m in _NUMBERED.finditer(question)]
    words = list(_WORD.finditer(question))
    for one, two in pairwise(words[1:]):  # the first word is capitalised in any case
        if one.end() + 1 == two.start() and one[0][0].isupper() and two[0][0].isupper():
            found.append((one.start(), f"{one[0]} {two[0]}"))
    pairs = dict.fromkeys(pair.lower() for _, pair in sorted(found))
    return tuple(pair for pair in pairs if _STOP.isdisjoint(pair.split()))


def query_words(question: str) -> tuple[str, ...]:
    """Return the different words of a question, in lower case and in its order.

    Stop words are left out unless there is nothing else. The words consist of letters, digits and
    underscores alone, so that between quotes FTS5 reads each as a plain string, never as an
    operator.
    """
    words = list(dict.fromkeys(_WORD.findall(question.lower())))
    chosen = [word for word in words if word not in _STOP] or words
    return tuple(chosen[:_MOST])
