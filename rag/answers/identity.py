"""Who or what somebody is: the words that a text puts beside a name.

"Ulf Laessing, a specialist in the Sahel region, said", "Africa Corps is a paramilitary group",
"President Mohamed Bazoum": appositions, definitions and titles, in that order of preference
(the patterns of definition questions since Hearst, COLING 1992).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rag.compare.names import TITLES
from rag.evidence.weighing import Quote, Verdict
from rag.language.nouns import PERSON_NOUNS
from rag.language.terms import content
from rag.language.verbs import is_verb
from rag.questions.intent import Asked
from rag.reader.spans import tidy
from rag.types import Hit, Span

_SUBJECT = re.compile(
    r"(?:who|what)\s+(?:exactly\s+)?(?:is|was|are|were)\s+(?:the\s+)?(?P<name>.+?)\s*\?*\s*\Z", re.I
)
_OF_IT = r"[Ii]ts|[Hh]is|[Hh]er|[Tt]heir"
_DETERMINER = rf"(?<!\w)(?:[Aa]n?|[Tt]he|one\s+of|{_OF_IT}|our|my)"
# What may follow a name in apposition ends at a comma before something new, or a stronger mark.
_NOUN = (r"(?:[^,;:.()—–\n“”]|(?<=\d)[,.](?=\d)|,(?=\s+[A-Z][\w’-]*(?:[,.]|\s+and\s+[A-Z]))|"
         r"\.(?=\w))")
Place = Literal["defined", "beside", "noun", "led", "office", "role"]
# Careful guesses, not fitted probabilities.
_SURE: dict[Place, float] = {
    "defined": 0.9, "beside": 0.9, "noun": 0.8, "led": 0.8, "office": 0.8, "role": 0.8}
_ROLES = PERSON_NOUNS | TITLES | {"member"}
# "The wreck of the" Margarethe tells of something else.
_SMALL = (r"(?:of|in|on|at|by|for|from|to|with|and|or|near|behind|under|the|that|as|when|while|"
          r"after|before|if|but|than)\b")
_CALLED = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Col|Gen|Lt|Maj|Capt|Cpl|Sgt)\.?\s+){0,2}"
_WHOSE = re.compile(r"(?<=[.!?”\"] )(?:Its|Their|His|Her)\s")  # at a sentence's beginning
_CUT = re.compile(rf"\b{_SMALL}(?:\s+the)?\Z", re.I)
# "the government of President Mohamed" Bazoum: what is told is somebody else's, or somebody else.
_ANOTHERS = re.compile(r"\b(?:of|by|with|from|for|and|to)\s+(?:the\s+)?[A-Z]")
_FIRST = r"(?:[A-Z][\w’'-]+\s+){0,2}?"  # "the comedian Pepe" Rojas
_RELATIVE = re.compile(r",?\s+(?:who|whom|whose|which)\s")
_OPENER = re.compile(
    r"(?:after|before|when|while|as|since|if|although|though|because|once|until|for|in|on|at|with|"
    r"without|during|despite|by|unlike|like|having|according|asked|told|besides|alongside|"
    r"against)\b", re.I,
)
_CLAUSE = re.compile(
    r"\b(?:when|while|because|as|since|if|although|though|until|that|where|after|before|but)\s+"
    rf"(?={_DETERMINER}\s)"
)
_AMONG = re.compile(r"\b(?:with|by|from|between|to|for)\s+\Z")
_LAST_OF = re.compile(r"\band\s+(?=(?:an?|the)\s)")
_HELD = (r"(?:elected|former|acting|interim|deputy|vice|outgoing|incoming|late|retired|then|new|"
         r"current|newly\s+elected|long-serving)")
# "Norvanian Defence Minister", but not "Monday Defence Minister".
_MINISTER = (r"(?:(?![A-Z][a-z]+day\b)[A-Z][a-z]+\s+){0,2}(?:Minister|Secretary)")
# "He married Ann Bell, a year later", "Ann Bell, the court heard": when, and who says or hears it.
_WHEN = re.compile(r".*\b(?:later|earlier|after|before|ago)", re.I)
_HEARD = re.compile(r"the\s.*\b(?:heard|ruled|learned|learnt)\b", re.I)
_VERB = re.compile(
    r"\b(?:said|says|quotes?|quoted|asked|named|is|was|are|were|has|have|had|will|told|that|which|"
    r"who)\b", re.I,
)


def identified(asked: Asked, hits: Sequence[Hit]) -> Verdict | None:
    """Return what the passages say that a named person or thing is, or None.

    Args:
        asked: A question like "Who is Ada Lovelace?".
        hits: The passages, best first.
    """
    match = _SUBJECT.match(asked.text)
    if match is None or not match["name"][:1].isupper():
        return None
    name = match["name"]
    best: tuple[float, Hit, Span] | None = None
    for hit in hits:
        for start, end in hit.passage.sentences:
            for probability, span in _beside(hit.passage.text, name, start - hit.passage.start,
                                             end - hit.passage.start):
                if best is None or probability > best[0]:
                    best = probability, hit, span
    if best is None:
        return None
    probability, hit, (start, end) = best
    shift = hit.passage.start
    # Whose, the sentence before says: "Its leader, Ann Bell".
    first = start - 2 if _WHOSE.match(hit.passage.text, start) else start
    quote = Quote.of(hit, shift + first, shift + end)
    return Verdict(
        "answered", hit.passage.text[start:end], probability, (quote,),
        trace={"why": f"the text says what {name} is"},
    )


def beside(hit: Hit, name: str) -> list[str]:
    """Return what a passage says beside a name that it is: "the passenger ferry", "a surgeon"."""
    text, at = hit.passage.text, hit.passage.start
    return [text[a:b] for start, end in hit.passage.sentences
            for _, (a, b) in _beside(text, name, start - at, end - at)]


def _beside(text: str, name: str, low: int, high: int) -> Iterator[tuple[float, Span]]:
    """Yield what stands beside a name in a sentence as what it is, with a probability."""
    spelled = r"\s+".join(map(re.escape, name.split()))
    # Who is asked for by the last name is told with title and first name: "President Ada Bell".
    whole = rf"(?:[A-Z][\w’'-]+\s+){{0,2}}{spelled}(?!\w))"
    named = rf"){spelled}(?!\w)" if " " in name else whole
    sentence = text[low:high]
    patterns: tuple[tuple[Place, str], ...] = (
        ("defined", rf"(?<!\w){spelled}(?:\s*\([^)]*\))?,?\s+(?:is|was|are|were)\s+"
                      rf"(?P<what>{_DETERMINER}\s+{_NOUN}{{3,160}})"),
        ("beside", rf"(?<!\w){spelled}(?:\s*\([^)]*\))?\s*[,(—–]\s*(?P<what>{_DETERMINER}\s+"
                      rf"{_NOUN}{{3,140}})(?=[,;.)—–]|\Z)"),
        # "Ann Bell, of the campaign group Clean Shores, said"
        ("beside", rf"(?<!\w){spelled},\s+(?P<what>(?:of|from)\s+(?:the\s+)?{_NOUN}{{3,80}})"
                   r"(?=[,;)])"),
        ("beside", rf"(?P<what>{_DETERMINER}\s+{_NOUN}{{3,100}}),?\s+(?:called|named|"
                      rf"known\s+as)\s+(?:the\s+)?{spelled}(?!\w)"),
        # "A fishing boat, the Marigold, takes the post across": told first, named after.
        ("beside", rf"(?P<what>(?<!\w)(?:[Aa]n?|[Tt]he|[Oo]ne\s+of|{_OF_IT})\s+{_NOUN}{{3,60}}),\s+"
                      rf"(?:the\s+)?{spelled}(?=[,;.)—–]|\Z)"),
        ("noun", rf"(?P<what>(?<!\w)(?:[Tt]he|[Aa]n?)\s+(?:(?!(?:the|an?)\s)[\w’'-]+\s+){{1,6}}?)"
                 rf"{'' if ' ' in name else _FIRST}{spelled}(?!\w|\s+[A-Z])"),
        # "The junta, led by General Tchiani" says more of him than "General".
        ("led", rf"(?P<what>{_DETERMINER}\s+{_NOUN}{{3,60}},?\s+(?:led|headed|chaired|commanded|"
                rf"founded|owned)\s+by\s+(?:[A-Z][\w’'-]+\s+){{0,3}}{spelled}(?!\w))"),
        ("office", rf"(?P<what>(?:\b{_HELD}\s+)?(?:President|General|{_MINISTER}|Mayor|"
                 rf"Governor|Captain|Professor|Doctor|Dr|Judge|King|Queen|Prince|Princess|"
                 rf"Senator|Chancellor|Ambassador|Colonel|Prime\s+Minister|CEO|Director|"
                 rf"Chairman|Chairwoman|Coach|Bishop|Pope)\s+{named}"),
        ("role", rf"\A(?P<what>[A-Z][a-z]+(?:\s+[a-z]+)?)\s+{_CALLED}{spelled}(?!\w)"),
        # "..., junta spokesman Col Amadou Sidikou told", "and external member Ann Bell"
        ("role", rf"(?:[,”\"]|\b(?:and|but|as|by|with|while))\s+(?P<what>[a-z]+(?:\s+[a-z]+)?)\s+"
                 rf"{_CALLED}{spelled}(?!\w)"),
    )
    for place, pattern in patterns:
        for match in re.finditer(pattern, sentence, re.NOFLAG):
            first = low + match.start("what")
            if place == "beside":  # "The scheme came to light when a clerk, Ann Bell": the clerk
                first += max((m.end() for m in _CLAUSE.finditer(match["what"])), default=0)
            last = low + match.end("what")
            if last < low + match.end() and _AMONG.search(text, low, first):
                # "with a boat and a clerk, Ann Bell": the clerk
                first = max((m.end() for m in _LAST_OF.finditer(text, first, last)), default=first)
            told_more = _RELATIVE.search(text, first, last) if place == "beside" else None
            start, end = tidy(text, first, told_more.start() if told_more else last)
            what = text[start:end]
            if content(what) and not _CUT.search(what) and not what.endswith("ly") and (
                    _says_what(place, what, sentence)):
                yield _SURE[place], (start, end)


def _says_what(place: Place, what: str, sentence: str) -> bool:
    """Tell whether words beside a name are a noun phrase, and not a piece of the sentence."""
    if place in ("defined", "led"):
        return True
    if re.fullmatch(_CALLED, f"{what} "):
        return False  # "Dr" tells nothing
    words = what.split()
    if _VERB.search(what) or (place == "role" and words[-1].casefold() not in _ROLES):
        return False  # "Yesterday Ada Bell", "Critics accuse Ada Bell"
    if place == "beside" and (_WHEN.fullmatch(what) or _HEARD.match(what) or (
            words[0].casefold() == "the" and words[-1].islower() and is_verb(words[-1]))):
        return False
    if place in ("noun", "office") and _ANOTHERS.search(what):
        return False
    # "The police arrested Ada Bell". What follows a comma may have a participle, "a charity founded
    # in 1990", but where the sentence begins with a clause it is the main one: "After meeting Ada
    # Bell, the president flew home".
    finite = place in ("noun", "role") or (place == "beside" and _OPENER.match(sentence))
    return not (finite and any(w.islower() and is_verb(w) and w not in _ROLES for w in words))
