"""A question in its article's words: "When was the ferry built?" for "When was the Brannoc built?".

An article names its subject once ("the passenger ferry Saint Brannoc", "Marco Bellini, ...") and
then calls it "the ferry" or "Mr Bellini". A reader that looks for the name is drawn to the one
sentence that has it. A name is only replaced where the article itself ties both together and calls
nothing else so; a name that says where or of what may be left out where the article's own title or
opening has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answers.identity import beside
from rag.articles.quotes import sentences_of
from rag.evidence.groups import echoes
from rag.evidence.namesakes import another
from rag.language.terms import Term, keys
from rag.language.verbs import is_verb
from rag.language.words import FUNCTION_WORDS
from rag.questions.intent import Asked
from rag.types import Candidate, Hit

# Articles whose words are tried, and other wordings in all.
ARTICLES = 2
MOST = 3
# Characters in which an article opens: its title line and the begin of its first sentence.
_OPENING = 150
_TITLED = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Cllr|Captain|General|Judge|Professor|President)"
_NEXT = re.compile(r"\s([a-z][\w’'-]*)")
_POSSESSIVE = re.compile(r"['’]s\b")
_SMALL_WORDS = re.compile(r"\s(?:of|in|on|at|by|for|from|to|with|and|who|which|that)\s")
_ROLE = re.compile(r"(?:of|in|at|from|for|on|by)\s+(?:the\s+)?\Z")

# What follows a noun, and no adjective.
_GOES_ON = (r"(?:is|was|were|are|had|has|have|will|would|could|can|may|did|does|of|in|on|at|to|"
            r"from|with|and|that|which|who|\w+ed)\b")

Wording = tuple[str, tuple[Hit, ...]]


def reworded(asked: Asked, hits: Sequence[Hit]) -> list[Wording]:
    """Return a question in the words of the first articles, each with the passages to read it in.

    Args:
        asked: The question.
        hits: The passages that were read, best first.
    """
    found: dict[tuple[str, str], tuple[Hit, ...]] = {}
    articles = list(dict.fromkeys(h.passage.article for h in hits))[:ARTICLES]
    for article in articles:
        own = tuple(h for h in hits if h.passage.article == article)
        for start, end in _names(asked):
            for words in _others(asked.text, start, end, own):
                if len(found) < MOST:
                    found.setdefault((article, words), own)
    return [(words, own) for (_, words), own in found.items()]


def stands_for(asked: Asked, candidate: Candidate, hits: Sequence[Hit]) -> bool:
    """Tell whether a span that answers another wording may answer the question itself.

    Its passages must have all names and numbers of the question, its sentence no other name in
    their place, and it must not repeat the question.

    Args:
        asked: The question as it was asked.
        candidate: A span that was read for another wording.
        hits: The passages of its article.
    """
    held = frozenset[str]().union(*(keys(h.passage.text) | keys(h.title) for h in hits))
    if not all(t.key in held for t in (*asked.names, *asked.numbers)):
        return False
    passage = candidate.hit.passage
    start, end = sentences_of(candidate.hit, candidate.start, candidate.end)
    sentence = passage.text[start - passage.start : end - passage.start]
    return not echoes(asked, candidate.text) and not another(asked, sentence, len(sentence))


def _names(asked: Asked) -> list[tuple[int, int]]:
    """The runs of names in a question, from first to last character."""
    runs: list[list[Term]] = []
    for term in asked.names:
        gap = asked.text[runs[-1][-1].end : term.start] if runs else "."
        if gap in (" ", "-", ""):  # "Delmas-Roy" is one name
            runs[-1].append(term)
        else:
            runs.append([term])
    return [(run[0].start, run[-1].end) for run in runs]


def _others(question: str, start: int, end: int, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield a question with one of its names said as an article says it."""
    name = question[start:end]
    words = r"\s+".join(map(re.escape, name.split()))
    spelled = re.compile(rf"(?<!\w){words}(?!\w)")
    if not any(spelled.search(t) for t in (hits[0].title, *(h.passage.text for h in hits))):
        return
    opening = [hits[0].title, *(h.passage.text[:_OPENING] for h in hits if h.passage.start == 0)]
    opens = any(spelled.search(t) for t in opening)
    if _qualifies(question, end) and question[:start].endswith(" the "):
        if opens:  # "the Coastal Cup final"
            yield question[:start] + question[end:].lstrip()
        return
    before = re.sub(r"\b[Tt]he\s+\Z", "", question[:start])
    for alias in _aliases(name, hits):
        yield before + alias + question[end:]
    role = _ROLE.search(question[:start])
    if role and opens and not _POSSESSIVE.match(question, end):
        yield question[: role.start()].rstrip() + question[end:]


def _aliases(name: str, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield what an article calls a name elsewhere."""
    whole = "\n".join(h.passage.text for h in hits)
    last = name.split()[-1]
    if " " in name:
        called = re.search(rf"\b{_TITLED}\.?\s+{re.escape(last)}(?!\w)", whole)
        alone = re.search(rf"(?<!{re.escape(name.split()[-2])}\s){re.escape(last)}(?!\w)", whole)
        if (called or alone) and _only(last, name, whole):
            yield " ".join(called[0].split()) if called else last
    for what in dict.fromkeys(w for h in hits for w in beside(h, name)):
        noun = _SMALL_WORDS.split(f"{what} ")[0].split()[-1]
        if noun.islower() and _used(noun, whole) and _only_one(noun, name, whole):
            yield f"the {noun}"


def _used(noun: str, text: str) -> bool:
    """Tell whether a text has a word as a noun: not "smaller" of "the smaller Petrel"."""
    noun = rf"\b(?:[Tt]he|[Tt]his|[Aa]n?)\s+(?:\w+\s+)?{re.escape(noun)}"
    return re.search(rf"{noun}(?=[.,;:!?]|\s+{_GOES_ON})", text) is not None


def _only_one(noun: str, name: str, text: str) -> bool:
    """Tell whether nothing else is introduced by a noun: no "the ferry Marta" beside "Anna"."""
    other = rf"(?!{re.escape(name.split()[0])}\b)[A-Z]\w"
    return re.search(rf"\b{re.escape(noun)}\s+(?:the\s+)?{other}", text) is None


def _qualifies(question: str, end: int) -> bool:
    """Tell whether a name stands before a noun, as in "the Coastal Cup final"."""
    following = _NEXT.match(question, end)
    return (following is not None and following[1] not in FUNCTION_WORDS
            and not is_verb(following[1]))


def _only(last: str, name: str, text: str) -> bool:
    """Tell whether a text has nobody else of that last name."""
    first = name.split()[-2]
    others = re.findall(rf"([A-Z][\w’'-]+)\s+{re.escape(last)}(?!\w)", text)
    return all(o == first or re.fullmatch(_TITLED, o) for o in others)
