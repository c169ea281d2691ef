"""The words of a question and of a text, made comparable: stems, names, numbers, nationalities.

``Russian`` and ``Russia``, ``instructor`` and ``instructors``, ``U.S.`` and ``US``, ``1,000`` and
``1000``, ``three`` and ``3`` have the same key. Keys are for comparing, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from rag.language.demonyms import country

Kind = Literal["name", "number", "word", "empty"]

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., e.g.
    r"|\d+(?:[.,]\d+)*"  # 1,000 and 3.5
    r"|[^\W\d_]+(?:[-'’][^\W\d_]+)*"  # words, also with hyphen or apostrophe
)
_EMPTY = frozenset(
    """a an the this that these those some any each every all both such own same other another
    i you he she it we they me him her us them my your his its our their mine who whom whose
    which what when where why how there here
    is are was were be been being am do does did done doing has have had having
    can could will would shall should may might must ought
    and or but nor so yet if then than as at by for from in into of off on onto out over to up
    with without about above after against among around before behind below between during
    through under until upon via per not no
    say says said tell tells told according please give name mention mentioned mentions
    article articles text passage exactly also just only very too really ever still s t d ll re ve
    m let many much often anyone anybody anything someone somebody something everyone
    everybody everything nobody nothing none thing things""".split()
)
_DIGITS = {
    w: str(n)
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80",
     "ninety": "90", "hundred": "100", "dozen": "12"}
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
# Lower case these are other words than the country's.
_ONLY_CAPITAL = frozenset(("us", "pole", "poles", "turkey", "chad", "dane", "swede", "china"))
_CLITIC = re.compile(r"(?:['’]s|['’]|n['’]t|['’](?:ll|re|ve|d|m))\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a text.

    Attributes:
        text: The word as it stands there.
        start: First character.
        end: One past the last.
        key: What it is compared by.
        kind: "name" (capitalised inside a sentence, or a nationality), "number" (digits or a
            number word), "empty" (says nothing of what is asked) or "word".
    """

    text: str
    start: int
    end: int
    key: str
    kind: Kind


@lru_cache(maxsize=1024)
def terms(text: str) -> tuple[Term, ...]:
    """Return the words of a text with their keys."""
    return _terms(text, fresh=True)


@lru_cache(maxsize=1024)
def inside(text: str) -> tuple[Term, ...]:
    """Return the words of a part of a sentence: a capital tells a name in its first word, too."""
    return _terms(text, fresh=False)


def _terms(text: str, fresh: bool) -> tuple[Term, ...]:
    found: list[Term] = []  # at the start of a sentence, where it is fresh, a capital tells nothing
    last = 0
    for match in _WORD.finditer(text):
        if any(c in ".!?\n“\"" for c in text[last : match.start()]):
            fresh = True
        word = match.group()
        clitic = _CLITIC.search(word)
        bare = word[: clitic.start()] if clitic and clitic.start() else word
        for part, at in _parts(bare, match.start()):
            found.append(_term(part, at, fresh))
        fresh = False
        last = match.end()
    return tuple(found)


@lru_cache(maxsize=4096)
def keys(text: str) -> frozenset[str]:
    """Return the keys of all words of a text that say something."""
    return frozenset(t.key for t in terms(text) if t.kind != "empty")


def keys_inside(text: str) -> frozenset[str]:
    """Return the keys of all words of a part of a sentence that say something."""
    return frozenset(t.key for t in inside(text) if t.kind != "empty")


def content(text: str) -> tuple[Term, ...]:
    """Return the words of a text that say something, in order."""
    return tuple(t for t in terms(text) if t.kind != "empty")


def normal(text: str) -> str:
    """Return a text as compared for sameness: keys of its words, without articles and the like."""
    said = [t.key for t in terms(text) if t.kind != "empty"]
    return " ".join(said) if said else " ".join(t.key for t in terms(text))


def is_month(word: str) -> bool:
    """Tell whether a word is the English name of a month."""
    return word.casefold() in _MONTHS


def share(wanted: Iterable[str], present: frozenset[str]) -> float:
    """Return the share of the wanted keys that are present; 1 if none is wanted."""
    asked = list(wanted)
    return sum(key in present for key in asked) / len(asked) if asked else 1.0


def _parts(word: str, start: int) -> list[tuple[str, int]]:
    """Split hyphenated compounds ("state-run"), but not single letters ("e-mail", "X-ray")."""
    pieces = word.split("-")
    if len(pieces) == 1 or min(map(len, pieces)) < 2:
        return [(word, start)]
    parts = []
    for piece in pieces:
        parts.append((piece, start))
        start += len(piece) + 1
    return parts


def _term(word: str, start: int, fresh: bool) -> Term:
    plain = _plain(word)
    end = start + len(word)
    if word[0].isdigit():
        return Term(word, start, end, _number(word), "number")
    if plain in _DIGITS:
        return Term(word, start, end, _DIGITS[plain], "number" if plain != "one" else "word")
    capital = word[0].isupper()
    land = country(plain)
    if land is not None and (capital or plain not in _ONLY_CAPITAL):
        return Term(word, start, end, land, "name")
    if plain in _EMPTY and not (capital and not fresh and plain in ("may", "us")):
        return Term(word, start, end, plain, "empty")
    acronym = len(word) > 1 and word.isupper()
    if plain in _MONTHS and capital:
        return Term(word, start, end, plain, "name")
    kind: Kind = "name" if acronym or (capital and not fresh) else "word"
    return Term(word, start, end, _stem(plain), kind)


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return kept.replace("’", "'").replace(".", "") if len(kept) > 1 else kept


def _number(word: str) -> str:
    """Return a number without its thousands' commas and empty decimals."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", word):
        word = word.replace(",", "")
    if re.fullmatch(r"\d+\.\d+", word):
        word = word.rstrip("0").rstrip(".")
    return word.lstrip("0") or "0"


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(_IRREGULAR.get(word, word))
    return stem


# Past tenses and plurals that no stemmer finds.
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot",
    "led": "lead", "won": "win", "left": "leave", "sent": "send", "made": "make", "took": "take",
    "taken": "take", "gave": "give", "given": "give", "went": "go", "gone": "go", "came": "come",
    "saw": "see", "seen": "see", "knew": "know", "known": "know", "began": "begin",
    "begun": "begin", "bought": "buy", "brought": "bring", "built": "build", "broke": "break",
    "broken": "break", "caught": "catch", "chose": "choose", "chosen": "choose", "died": "die",
    "dies": "die", "drew": "draw", "drawn": "draw", "drove": "drive", "driven": "drive",
    "ate": "eat", "eaten": "eat", "fell": "fall", "fallen": "fall", "felt": "feel",
    "fought": "fight", "found": "find", "flew": "fly", "flown": "fly", "forgot": "forget",
    "got": "get", "grew": "grow", "grown": "grow", "held": "hold", "heard": "hear", "hid": "hide",
    "hidden": "hide", "kept": "keep", "laid": "lay", "lost": "lose", "meant": "mean", "met": "meet",
    "paid": "pay", "ran": "run", "rose": "rise", "risen": "rise", "sold": "sell", "shot": "shoot",
    "spoke": "speak", "spoken": "speak", "spent": "spend", "stood": "stand", "stole": "steal",
    "stolen": "steal", "struck": "strike", "swore": "swear", "sworn": "swear", "taught": "teach",
    "thought": "think", "threw": "throw", "thrown": "throw", "understood": "understand",
    "wore": "wear", "worn": "wear", "wrote": "write", "written": "write", "sang": "sing",
    "sung": "sing", "sank": "sink", "swam": "swim", "woke": "wake", "showed": "show",
    "shown": "show", "withdrew": "withdraw", "withdrawn": "withdraw", "became": "become",
    "overthrew": "overthrow", "overthrown": "overthrow", "fled": "flee", "bore": "bear",
    "born": "bear", "beat": "beat", "beaten": "beat", "hit": "hit", "cut": "cut", "bred": "breed",
    "dealt": "deal", "slept": "sleep", "swept": "sweep", "sought": "seek", "shook": "shake",
    "leader": "lead", "leaders": "lead", "winner": "win", "winners": "win", "buyer": "buy",
    "seller": "sell", "owner": "own", "owners": "own", "killer": "kill", "writer": "write",
    "ruler": "rule", "rulers": "rule", "speaker": "speak", "driver": "drive", "teacher": "teach",
    "expulsion": "expel", "decision": "decide", "invasion": "invade", "withdrawal": "withdraw",
    "death": "die", "deaths": "die", "growth": "grow", "sale": "sell", "sales": "sell",
    "departure": "depart", "explosion": "explode", "destruction": "destroy", "collision": "collide",
    "division": "divide", "conclusion": "conclude", "permission": "permit", "admission": "admit",
    "provision": "provide", "extension": "extend", "intention": "intend", "response": "respond",
    "marriage": "marry", "loss": "lose", "losses": "lose", "flight": "fly", "speech": "speak",
    "belief": "believe", "proof": "prove", "choice": "choose", "success": "succeed",
    "failure": "fail", "closure": "close", "seizure": "seize", "discovery": "discover",
    "reduction": "reduce", "production": "produce", "introduction": "introduce",
    "defence": "defense", "centre": "center", "colour": "color", "labour": "labor",
    "programme": "program", "organisation": "organization", "organised": "organized",
}
