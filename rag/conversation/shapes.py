"""The shape of a question: what it leaves out, and which of its words point back.

Everything here reads one question alone; nothing knows the conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.conversation.corrections import CORRECTION
from rag.conversation.inside import Slot, answered_inside
from rag.conversation.mentions import Mention, mentions
from rag.language.nouns import GROUP_NOUNS, PERSON_NOUNS, PLACE_NOUNS
from rag.language.verbs import BARE, VERBS, is_past, is_verb
from rag.language.words import AUXILIARIES, QUESTION_WORDS, is_content, words

_LEAD = re.compile(
    r"^\s*(?:(?:and|but|so|ok(?:ay)?|well|then|now|or|also|right|yes|yeah|"
    r"i see|thanks|thank you|hello|hi|hey)\b"
    r"[\s,.!…-]*)+(?=\S)",
    re.I,
)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+", re.I)
_BARE = re.compile(
    r"^(?:(?P<prep>since|until|from|by|with|for|to|in|at|on|of|about|after|before|under)\s+)?"
    r"(?P<wh>who|whom|whose|what|which|when|where|why|how(?:\s+(?:many|much|long|far|old|often|so|"
    r"big|tall|high|deep|wide|heavy|fast|come))?|(?:why|what)\s+not|(?:whom?|what|where)\s+else"
    r"|(?:what|which|whose|how\s+many|how\s+much)\s+(?P<noun>[^\W\d_]+(?:\s+[^\W\d_]+)?))"
    r"(?:\s+(?:is|was)\s+(?:that|this|it)|\s+exactly|\s+then|\s+(?P<post>from|to|for|with|by|of))?"
    r"\s*[?!.]*\s*$",
    re.I,
)
# "How big is it?" asks for the size of a thing, not again what was asked before.
_SIZE = re.compile(r"^how\s+(?:far|long|old|big|large|small|tall|high|deep|wide|heavy|fast)\s+"
                   r"(?:is|was)\s+it\b", re.I)
# What points nowhere ("is it true"), or at whom is asked for ("who put his name to it").
_INWARD = re.compile(
    r"\b(?:is|was|isn['’]t|wasn['’]t)\s+it\s+(?:true|possible|likely|certain|clear|known|that)\b"
    r"|\bit\s+(?:is|was)\s+(?:true|possible|likely|certain|clear|known|said)\b"
    r"|\b(?:makes?|made|finds?|found|considers?|considered|thinks?|thought)\s+it\s+"
    r"(?:[a-z]+\s+){1,2}(?:that|to|for)\b"
    r"|\bwhat\s+time\s+(?:is|was)\s+it\b|\b(?:does|did|will|would|could)\s+it\s+(?:take\b(?!\s+(?:effect|part|place|over|off|up)\b)|cost\b.*\bto\b)|\bwas\s+it\s+that\b"
    r"|\bwho\s+(?:[a-z]+\s+){1,3}?(?:his|her|their)\s+(?:names?|minds?|li[fv]es?|voices?|weight)\b",
    re.I,
)
_PRONOUNS: dict[str, Slot] = {
    **dict.fromkeys("he him his himself she her hers herself".split(), "he"),
    **dict.fromkeys("it its itself".split(), "it"),
    **dict.fromkeys("they them their theirs themselves".split(), "they"),
    "there": "there",
}
POSSESSIVE = frozenset("his her its their hers theirs whose".split())
_THEN = re.compile(
    r"(?:(?<=\buntil\s)|(?<=\bsince\s)|(?<=\bby\s)|(?<=\bbefore\s)|(?<=\bafter\s))then\b"
    r"|\b(?:at\s+that\s+time|during\s+th(?:is|at)\s+time|back\s+then|that\s+(?:year|day|month|week|time|summer|"
    r"winter|spring|autumn))\b",
    re.I,
)
_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those)\s+(?:(?:same|said)\s+)?([^\W\d_]+)\b", re.I)
_WHO_IS = re.compile(r"(?:.*\s)?who(?:\s+(?:is|was|are|were)|['’]s)\s+\Z", re.I)
_POINTING = re.compile(
    r"\b(?:that|this|(?<=\bof\s)(?P<some>those|these)|those|these)\b(?!['’]s)", re.I)
_HOW_MANY = re.compile(r"\W*(?:and\s+|but\s+)?how\s+(?:many|much)\b", re.I)
_HELPED = re.compile(rf"\b(?:{'|'.join(sorted(AUXILIARIES | {'of', 'for', 'by'}))})\s+\Z", re.I)
_MOMENTS = frozenset("season century decade year month week day time morning evening night summer "
                     "winter spring autumn moment".split())
_ABOUT_NOUNS = frozenset(
    "article articles text passage page story report others other first second last rest".split()
)
_ONES = re.compile(r"\b(?:the\s+)?((?:[^\W\d_]+\s+)?)(ones?)\b", re.I)
_SAYS_SO = re.compile(
    r"\b(?:sa(?:y|ys|id)|thinks?|thought|claim(?:s|ed)?|believe[sd]?)\s+(so)(?=\s*[?.!]*$)", re.I)
_DO_THAT = re.compile(
    r"^(?P<wh>when|where|why|how)\s+(?:did|does|do|has|have|had|would|will|could)\s+"
    r"(?:(?:he|she|it|they|this|that)\s+)?(?:(?:do|done|did)\s+(?:that|this|it|so)|(?:happen|occur)(?:ed)?)"
    r"\s*[?!.]*$|^(?P<how>how\s+so|how\s+come)\s*[?!.]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words of a question that point back: ``question[start:end]``."""

    slot: Slot
    start: int
    end: int
    text: str
    possessive: bool = False
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a question is, seen alone.

    Attributes:
        core: The question without its lead-in ("And", "No, I meant", "What about").
        kind: "bare" ("Why?"), "fragment" ("in Mali?") or "full".
        correction: Whether it takes the last question back.
    """

    core: str
    kind: Literal["bare", "fragment", "full"]
    correction: bool


def shape(question: str) -> Shape:
    """Read the shape of a question."""
    core = question.strip()
    corrected = CORRECTION.match(core)
    if corrected and corrected.end() < len(core):
        core = core[corrected.end() :].strip()
    else:
        corrected = None
        core = without_lead(core)
    about = _ABOUT.match(core)
    if about:
        core = core[about.end() :].strip()
    again = _DO_THAT.match(core)
    if again:
        return Shape(again["wh"] or "why", "bare", bool(corrected))
    alone = _BARE.match(core)
    if alone and not _acts_in(alone["noun"]) and not _SIZE.match(core):
        return Shape(core, "bare", bool(corrected))
    parts = [re.sub(r"['’]s$", "", m[0].casefold()) for m in words(core)]
    if len(parts) - (parts[:1] == ["the"]) == 1 and (
            is_past(parts[-1]) or (parts[0] in BARE and core[:1].islower())):
        # "And repaired?", "And the injured?", "And close?"
        return Shape(core, "fragment", bool(corrected))
    asks = any(p in QUESTION_WORDS for p in parts[:3])
    own = [m[0] for m in words(core) if m[0][:1].islower() or not m.start()]  # not "United States"
    # The ending "-ed" alone makes no verb of a word with a capital: "And Mohammed Saeed?"
    acts = any(w.casefold() in AUXILIARIES | VERBS or (w.islower() and is_verb(w)) for w in own)
    named = corrected and not asks and parts and parts[0] not in AUXILIARIES
    if about or named or (not asks and not acts and 0 < len(parts) <= 8):
        return Shape(core, "fragment", bool(corrected))
    return Shape(core, "full", bool(corrected))


def without_lead(question: str) -> str:
    """Return a question without "And", "Well, so" and the like in front."""
    led = _LEAD.match(question)
    return question[led.end() :].strip() if led and led.end() < len(question) else question


def _acts_in(noun: str | None) -> bool:
    """Whether the words behind the question word hold a verb: then it is a whole question."""
    parts = [m[0].casefold() for m in words(noun or "")]
    return any(p in AUXILIARIES or is_verb(p) or not is_content(p) for p in parts)


def bare(core: str) -> tuple[str, str]:
    """Return the words that ask in a bare question, and a preposition to put last."""
    match = _BARE.match(core)
    if match is None:
        return core.rstrip("?!. "), ""
    wh = match["wh"] if not match["prep"] else match["wh"][:1].lower() + match["wh"][1:]
    return f"{match['prep'] or ''} {wh}".strip(), match["post"] or ""


def anaphors(question: str) -> tuple[Anaphor, ...]:
    """Find the words of a question that point back, in order, without overlaps."""
    found: list[Anaphor] = []
    inward = [m.span() for m in _INWARD.finditer(question)]
    own = mentions(question)
    for match in _THEN.finditer(question):
        found.append(Anaphor("then", match.start(), match.end(), match[0]))
    for match in _DEFINITE.finditer(question):
        definite = _definite(question, match, own)
        if definite is not None:
            found.append(definite)
    for match in words(question):
        folded = match[0].casefold().replace("’", "'")
        slot = _PRONOUNS.get(folded.removesuffix("'s").removesuffix("'re"))
        if slot is None or any(a <= match.start() < b for a, b in inward):
            continue
        if slot == "there" and _existential(question, match):
            continue
        end = match.start() + len(folded.removesuffix("'s").removesuffix("'re"))
        possessive = folded in POSSESSIVE and _owns(question, match.end(), folded)
        if answered_inside(question, match.start(), end, slot, possessive, own):
            continue
        found.append(Anaphor(slot, match.start(), end, question[match.start() : end], possessive))
    for match in _POINTING.finditer(question):
        if _stands_alone(question, match):
            slot = "they" if match["some"] else "that"
            found.append(Anaphor(slot, match.start(), match.end(), match[0]))
    for match in _SAYS_SO.finditer(question):
        found.append(Anaphor("that", match.start(1), match.end(1), match[1]))
    for match in _ONES.finditer(question):
        before = question[: match.start()].split()[-1:] or [""]
        numeric = match[2] == "one" and before[0].casefold() in {"no", "any", "every", "some", "in"}
        adjective = match[1].strip()
        if not numeric and adjective.casefold() not in {"no", "any", "every", "some", "which"}:
            found.append(Anaphor("one", match.start(2), match.end(2), match[2], noun=adjective))
    kept: list[Anaphor] = []
    for one in sorted(found, key=lambda a: (a.start, -a.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _definite(question: str, match: re.Match[str], own: tuple[Mention, ...]) -> Anaphor | None:
    """Read: "the general" and the like; nothing when more words say which one is meant."""
    noun = match[1].casefold()
    if match[1][:1].isupper() and noun not in PERSON_NOUNS:
        return None
    if noun in _MOMENTS or noun in _ABOUT_NOUNS:
        return None
    if _WHO_IS.match(question[: match.start()]) and not question[match.end() :].strip(" ?.!"):
        return None  # "Who was the judge?" asks who it is
    if match[0].casefold().startswith("that") and _acts(question[match.end() :]) and (
            not _HELPED.search(question[: match.start()])):
        return None  # "said that soldiers died"
    phrase = next((m for m in own if m.start <= match.start(1) < m.end), None)
    if phrase is None or len(phrase.text.split()) > 1:
        return None
    after = question[match.end() :].lstrip()
    if (
        re.match(r"(?:of|in|from|who|that|which|whose|with|for|behind|at)\b", after, re.I)
        and (not re.match(r"(?:in|from|at|with|for)\s*(?:[?.!,]|$)", after, re.I))
        and not match[0].casefold().startswith(("this", "that", "these", "those"))
    ):
        return None
    single = noun.removesuffix("s")
    slot: Slot | None = None
    if noun in PERSON_NOUNS or single in PERSON_NOUNS:
        slot = "person"
    elif noun in PLACE_NOUNS or single in PLACE_NOUNS:
        slot = "place"
    elif noun in GROUP_NOUNS or single in GROUP_NOUNS:
        slot = "group"
    elif match[0].casefold().startswith(("this", "that", "these", "those")) or is_content(noun):
        slot = "that"
    return Anaphor(slot, match.start(), match.end(), match[0], noun=noun) if slot else None


def _acts(after: str) -> bool:
    following = next(words(after), None)
    return following is not None and (
        is_verb(following[0]) or following[0].casefold() in AUXILIARIES
    )


def _existential(question: str, match: re.Match[str]) -> bool:
    """Read: "Is there", "there are": not a place."""
    before = question[: match.start()].split()[-1:] or [""]
    after = question[match.end() :].split()[:1] or [""]
    verbs = {"is", "are", "was", "were", "be", "been", "has", "have", "had", "isn't", "aren't"}
    final = not after[0].strip("?.! ")
    if final and before[0].casefold() in {"is", "are"} and _HOW_MANY.match(question):
        return True  # "How many of them are there?"
    return (before[0].casefold() in verbs and not final) or after[0].casefold().strip("?") in verbs


def _owns(question: str, end: int, folded: str) -> bool:
    """Whether a possessive has its noun behind it ("her" may be an object)."""
    after = re.match(r"\s+([^\W_]+)", question[end:])
    if folded in {"hers", "theirs"} or after is None:
        return False
    return folded != "her" or is_content(after[1]) or after[1].casefold() in {"own", "other"}


def _stands_alone(question: str, match: re.Match[str]) -> bool:
    """Whether "that" is a pronoun here: nothing it could go with follows."""
    after = re.match(r"\s*([^\W_]+)?", question[match.end() :])
    word = (after[1] or "").casefold() if after else ""
    before = (question[: match.start()].split()[-1:] or [""])[0].casefold()
    if before and (is_content(before.strip(",")) and word and not word.startswith("?")):
        return False
    return (
        not word
        or word in AUXILIARIES
        or word in {"before", "after", "in", "to", "from", "by", "for"}
    )
