"""What of a question is looked up: its names, numbers and nouns, each as one run of words."""

from __future__ import annotations

from dataclasses import dataclass

from rag.compare.names import TITLES, is_person
from rag.language.demonyms import country, words_of
from rag.language.terms import Term
from rag.questions.intent import Asked

# Words of a question that say what kind of answer is wanted, not what it is about.
ASKING = frozenset(
    "year month day date time name number amount percentage share kind sort type person "
    "people country city town village place company reason way happen happened cause start "
    "begin end long much many old exact exactly total first last new take place give make get "
    "go come based located situated called live born mean stand describe explain answer "
    "question thing something anything information detail details currently today now".split())


@dataclass(frozen=True, slots=True)
class Subject:
    """A run of the question's words that is looked up as one."""

    text: str
    kind: str
    keys: tuple[str, ...]


def subjects(asked: Asked) -> list[Subject]:
    """What the question is about: names as runs, numbers, and the other words that say something.

    >>> from rag.questions.intent import analyse
    >>> [s.text for s in subjects(analyse("When did Anna Bell open 3 schools in Harwick?"))]
    ['Anna Bell', '3', 'Harwick', 'schools']
    """
    text = asked.text
    runs: list[list[Term]] = []
    last: Term | None = None
    in_name = False
    for term in asked.terms:
        gap = text[last.end : term.start] if last else "."
        # "Dr. Bell": behind the full stop of a title a capital does not begin a sentence.
        titled = (last is not None and in_name and last.text.lower() in TITLES and gap == ". "
                  and term.text[:1].isupper())
        joined = in_name and gap.strip() in ("", "of") and (
            term.kind == "name" or (term.kind == "number" and gap in ("", " ")))
        if titled or joined:
            runs[-1].append(term)  # "Anna Bell", "Bank of Tolm", "AquaDry 20", "E2"
        else:
            runs.append([term])
        in_name = term.kind == "name" or titled
        last = term
    named = [(_untitled(r, text), r[0].kind) for r in runs]
    firm = [Subject(text[r[0].start : r[-1].end], kind, tuple(t.key for t in r))
            for r, kind in named if kind in ("name", "number")
            and r[0].text.lower() not in _AMBIGUOUS]
    soft = [Subject(t.text, "word", (t.key,)) for t in asked.terms
            if t.kind == "word" and t.text.lower() not in ASKING and len(t.text) > 2
            and _is_noun(asked, t)]
    return firm + soft


def _is_noun(asked: Asked, term: Term) -> bool:
    """Whether a word is by its place a noun: right after "the", "of", "many", "Russian" or "'s".

    People look for things, and not for the verbs and adjectives that they ask with.
    """
    before = asked.text[: term.start].split()
    word = before[-1] if before else ""
    return (word.lower() in _BEFORE_NOUNS or word.isdigit() or word.endswith(("'s", "’s"))
            or of_a_country(word))


_BEFORE_NOUNS = frozenset("the a an of his her its their any no which what many much in for with "
                          "by my our us".split())


def _untitled(run: list[Term], text: str) -> list[Term]:
    """A name without its titles: "Bishop Bell" is "Bell"; "Justice Department" is no person."""
    while len(run) > 1 and run[0].text.lower().rstrip(".") in TITLES:
        rest = text[run[1].start : run[-1].end]
        if not (is_person(rest) or country(rest.lower())):
            break
        run = run[1:]
    return run


def spellings(subject: Subject) -> list[str]:
    """A subject as asked, then as the country or the people of it, then as the other figure."""
    found = [subject.text]
    if subject.kind == "name":
        plain = subject.text.lower()
        found += [w.title() for w in words_of(plain) if w not in (plain, *_AMBIGUOUS)]
    if subject.kind == "number":
        found += [k for k in subject.keys if k != subject.text]
        found += [w for w in _WRITTEN.get(subject.keys[0], ()) if w != subject.text.lower()]
    return found


# Without its capital "US" is a pronoun: a look-up without case tells nothing.
_AMBIGUOUS = frozenset(("us", "pole", "poles", "dane", "swede"))
_WRITTEN: dict[str, tuple[str, ...]] = {
    str(n): (word,) for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split())
} | {"100": ("hundred",), "12": ("twelve", "dozen"), "30": ("thirty",), "40": ("forty",),
     "50": ("fifty",), "1000": ("thousand",)}


def tells(subject: Subject) -> bool:
    """Whether it says something that an article has a subject: "3" and "five" are everywhere.

    A look-up also finds "420" in "7,420"; only a year is told of by itself.
    """
    figure = subject.text.isdigit() and len(subject.text) == 4
    return subject.kind != "number" or figure or not (subject.text.isdigit() or _word(subject))


def _word(subject: Subject) -> bool:
    return subject.text.lower() in {w for ws in _WRITTEN.values() for w in ws}


def of_a_country(word: str) -> bool:
    """Whether a word says whose something is: "Chinese", "US"; not a country's own name."""
    return country(word.lower()) not in (None, word.lower())
