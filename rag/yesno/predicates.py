"""What a yes/no question says of its subject, and whether a sentence says that in one clause.

"Was the surgery closed?" asks of the surgery (the subject) whether it was closed (the predicate).
A sentence that holds both words in different clauses, or says it only of what would be, decides
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.language.opposites import alike, opposite
from rag.language.terms import Term, inside, terms
from rag.language.verbs import BARE, VERBS
from rag.questions.intent import AUXILIARY, LIGHT, Asked

_BE = frozenset("is are was were am".split())
_HAVE = frozenset("has have had".split())
INNER = frozenset("be been being have had".split())
PREPOSITIONS = frozenset("of in on at from to with by for into onto off about after before during "
                          "between among under over through without against until since".split())
DETERMINERS = frozenset("a an the its his her their any some no".split())
ADVERBS = frozenset("already officially ever still recently finally again actually now currently "
                     "soon".split())
_LASTING = frozenset(("stay", "remain"))
_TOWARDS = frozenset("going allowed permitted able due".split())
# Verbs that the list of common verbs lacks, or counts as nouns.
_MORE = frozenset("strike agree vote return rise fall win start stay belong concede cancel resign "
                  "reject own reply answer suspend nominate challenge appeal retract postpone "
                  "demolish sack dismiss recruit praise criticise condemn improve worsen withstand "
                  "survive oppose approve endorse forbid prohibit proceed expand blame clear "
                  "collapse attack shoot bomb capture kidnap defeat convict sue pardon expel "
                  "fire beat damage wound stab rob burn jail sentence charge fine raid seize warn "
                  "assault acquit extradite deport nationalise privatise".split())
_CLAUSES = re.compile(
    r"\s*[;:]\s+|,?\s+(?:but|whereas|although|though)\s+|,\s+(?:and|so|because|since|as)\s+|"
    r",\s+while\s+|,?\s+(?P<open>while|until|unless|before|if|once|whether)\s+|"
    r",?\s+(?:because|when|after)\s+|,\s+(?P<which>which|who|whose|where)\s+", re.I)


@dataclass(frozen=True, slots=True)
class Predicate:
    """The parts of a yes/no question.

    Attributes:
        subject: The noun of its subject, where it is a common one.
        verb: The word that is said of it.
        end: One past the verb in the question, where what only surrounds it may begin.
    """

    subject: Term | None
    verb: Term | None
    end: int


def predicate(asked: Asked) -> Predicate:
    """Return what a yes/no question says, of what."""
    words = terms(asked.text)
    first = words[0].text.lower() if words else ""
    at = _verb(words, first)
    if at is None or LIGHT.search(asked.text):
        return Predicate(None, None, len(asked.text))
    head = None
    for word in words[1:at]:
        if word.kind == "empty" and head is not None and word.text.lower() in PREPOSITIONS:
            break
        if word.kind in ("word", "name") and not word.text.endswith("ly") and (
                word.text.lower() not in ADVERBS | _LASTING):
            head = word
    common = head if head is not None and head.kind == "word" else None
    return Predicate(common, words[at], words[at].end)


def _verb(words: Sequence[Term], first: str) -> int | None:
    said = [i for i, t in enumerate(words)
            if i > 0 and t.kind == "word" and t.text.lower() not in ADVERBS]
    inner = next((i for i, t in enumerate(words[2:], 2) if t.text.lower() in INNER), None)
    if inner is not None and words[inner].text.lower() in ("be", "been", "being"):
        return _behind_to(words, next((i for i in said if i > inner), None))
    if first in _BE or first in _HAVE:
        for i in said:
            formed = words[i].text.lower() in VERBS or words[i].text.endswith("ed")
            if formed and i > 1 and (first in _HAVE or _ends(words, i)):
                return _behind_to(words, i)
        return None if first in _HAVE else _complement(words, said)
    if inner is not None:
        return None
    bare = [i for i in said if i > 1 and words[i].text.lower() in BARE | _MORE]
    if bare and words[bare[0]].text.lower() in _LASTING and bare[0] + 1 in said:
        return bare[0] + 1
    for at in bare:
        later = [i for i in bare if i > at and words[i - 1].text.lower() not in (
            DETERMINERS | PREPOSITIONS)]
        if words[at].text.lower() in VERBS | _MORE or not later:
            return at
    # "Does Tansley Aggregates own it?", "Can visitors touch it?"
    for i in said:
        before = words[i - 1]
        if i > 1 and (before.kind == "name" or (i == 2 and before.text.endswith("s"))):
            return i
    return _before_object(words, said)


def _before_object(words: Sequence[Term], said: Sequence[int]) -> int | None:
    """Return the word before a second determiner or a name: "Did the general topple the king?"."""
    behind = [i for i in said if i > 1 and words[i - 1].text.lower() not in (
        DETERMINERS | PREPOSITIONS)]
    for i in behind:
        follows = words[i + 1] if i + 1 < len(words) else None
        if follows is not None and (
                follows.text.lower() in DETERMINERS or follows.kind in ("name", "number")):
            return i
    return behind[0] if len(behind) == 1 and behind[0] + 1 == len(words) else None


def _ends(words: Sequence[Term], at: int) -> bool:
    follows = words[at + 1] if at + 1 < len(words) else None
    return follows is None or follows.kind != "word" or (
        follows.text.endswith("ly") or follows.text.lower() in ("because", "again", "today"))


def _behind_to(words: Sequence[Term], at: int | None) -> int | None:
    """Return the verb behind "going to" and the like, which say little themselves."""
    if at is None or words[at].text.lower() not in _TOWARDS:
        return at
    if at + 2 < len(words) and words[at + 1].text.lower() == "to" and words[at + 2].kind == "word":
        return at + 2
    return at


def _complement(words: Sequence[Term], said: Sequence[int]) -> int | None:
    """Return the last word before a preposition of what is said with "is": "free on Thursdays"."""
    start = 2 if len(words) > 2 and words[1].text.lower() in DETERMINERS else 1
    second = next((i for i in range(start + 1, len(words))
                   if words[i].text.lower() in DETERMINERS), start)
    stop = next((i for i in range(second + 1, len(words))
                 if words[i].text.lower() in PREPOSITIONS or words[i].text.lower() == "because"),
                len(words))
    held = [i for i in said if start < i < stop]
    return held[-1] if held else None


def told(term: Term, present: Collection[str]) -> bool:
    """Tell whether some words have one of the question, or one like it or contrary to it."""
    return bool(({term.key} | alike(term.key) | opposite(term.key)) & set(present))


_ASIDE = re.compile(r",\s+(?:who|whose|whom|which)\b[^,;]*,\s")


def in_one_clause(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence says the question's predicate of its subject, as a fact.

    Not where they stand in clauses with subjects of their own ("the school stayed closed, but the
    surgery was open"), nor where the clause is of what is to come ("until the road is mended").
    """
    if parts.verb is None:
        return True
    verb = parts.verb
    # "The mill, whose owner left, has not reopened": what stands between is of something else.
    clauses = _clauses(_ASIDE.sub(
        lambda m: m[0] if told(verb, {t.key for t in inside(m[0])}) else " ", text))
    keys_of = [{t.key for t in inside(clause)} for clause, _ in clauses]
    having = [i for i, keys in enumerate(keys_of) if same(parts.verb, keys)]
    having = having or [i for i, keys in enumerate(keys_of) if told(parts.verb, keys)]
    elsewhere = parts.subject is not None and any(same(parts.subject, keys) for keys in keys_of)
    for i in having:
        clause, opening = clauses[i]
        if opening and not re.search(rf"\b{opening}\b", asked.text, re.I):
            continue
        if parts.subject is None or same(parts.subject, keys_of[i]):
            return True
        if (i == 0 and not elsewhere) or (i > 0 and not _own_subject(clause)):
            return True
    return False


def same(term: Term, keys: Collection[str]) -> bool:
    """Tell whether some words have one of the question, or one like it."""
    return bool(({term.key} | alike(term.key)) & set(keys))


def _clauses(text: str) -> list[tuple[str, str]]:
    found = []
    start, opening = 0, ""
    if match := re.match(r"(?P<open>While|Until|Unless|Before|If|Once)\s", text):
        opening = match["open"].lower()
    for match in _CLAUSES.finditer(text):
        found.append((text[start : match.start()], opening))
        start, opening = match.end(), (match["open"] or "").lower()
    found.append((text[start:], opening))
    return found


def _own_subject(clause: str) -> bool:
    """Tell whether a clause begins with a noun that its verb follows, not with the verb."""
    words = inside(clause)
    if not words or words[0].text.lower() in AUXILIARY or words[0].text.lower() in VERBS:
        return False
    if words[0].text.lower() in ("he", "she", "it", "they", "that", "this"):
        return False
    return any(t.text.lower() in AUXILIARY or t.text.lower() in VERBS or (
        t.text.islower() and t.text.endswith("ed")) for t in words[1:6])


def exists(asked: Asked, text: str) -> bool:
    """Tell whether a sentence says of something that it is there or is had, where that is asked."""
    if re.match(r"(?:is|are|was|were)\s+there\b|will\s+there\s+be\b", asked.text, re.I):
        return re.search(r"\bthere\b|\bha(?:s|ve|d)\s+(?:an?|no|its|his|her|their|some|several|"
                         r"two|three|four|\d+)\b", text, re.I) is not None
    if re.match(r"(?:do|does|did)\s+(?:\S+\s+){1,4}?have\b(?!\s+to\b)", asked.text, re.I):
        return re.search(r"\b(?:ha(?:s|ve|d|ving)|own\w*|with|without|no|there|his|her|its|their|"
                         r"do(?:es)?|did)\b|['’]s\b", text, re.I) is not None
    return True


def undergone(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence says that the subject underwent what the question says it did.

    "Did the clerk turn down the offer?" is not answered by "the clerk was turned down".
    """
    verb = parts.verb
    if verb is None or not re.match(r"(?:do|does|did)\b", asked.text, re.I):
        return False
    behind = next((t for t in terms(asked.text) if t.start >= parts.end), None)
    if behind is None or (behind.kind == "empty" and behind.text.lower() not in DETERMINERS):
        return False  # it has no object
    forms = {verb.key} | alike(verb.key)
    passive = [m for m in re.finditer(
        r"\b(?:was|were|been|being|is|are|be)\s+(?:not\s+|never\s+|\w+ly\s+)?(\w+)", text)
        if inside(m[1])[-1].key in forms]
    if not passive or re.match(r"(?:\W+\w+){0,6}?\W+by\b", text[passive[0].end() :]):
        return False
    first = next((t for t in asked.terms if t.kind in ("name", "word")), None)
    before = text[: passive[0].start()]
    ahead = {t.key for t in terms(before)}
    if re.search(r"\b(?:but|and)\s*\Z", before):  # its subject is the one the sentence begins with
        ahead = {t.key for t in terms(before)[:3]}
    objects = {t.key for t in asked.terms if t.start >= parts.end}
    return first is not None and first.key in ahead and not ahead & objects


def surrounds(asked: Asked, parts: Predicate, term: Term) -> bool:
    """Tell whether a word of a question only surrounds what it asks: "hurt in the fire"."""
    if term.start >= parts.end:
        between = asked.text[parts.end : term.start]
    elif parts.subject is not None and parts.subject.end <= term.start:
        between = asked.text[parts.subject.end : term.start]
    else:
        return False
    return re.search(r"\b(?:in|on|at|by|for|from|with|during|to|of|when|while|because|after|as)\b",
                     between) is not None
