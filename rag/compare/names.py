"""Names of people, places and organisations: whether two can be the same, or part and whole."""

from __future__ import annotations

import functools
import re
import unicodedata
from difflib import SequenceMatcher
from typing import Literal

from rag.language.demonyms import country

Relation = Literal["same", "compatible", "conflicting", "unknown"]

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady general gen colonel col major maj "
    "captain capt lieutenant lt sergeant sgt brigadier admiral commander president prime minister "
    "chancellor senator sen governor gov mayor judge justice chief king queen prince princess "
    "pope archbishop bishop reverend rev father sister brother councillor cllr deputy vice former "
    "acting coach chairman chairwoman chair director secretary ambassador sheriff officer "
    "constable detective inspector superintendent the a an elder imam rabbi sheikh emir "
    "defending champion head striker midfielder goalkeeper author novelist farmer".split())
_SUFFIXES = frozenset("jr sr ii iii iv phd obe mbe cbe".split())
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_NAME = re.compile(
    r"(?:(?<=[.!?]\s)|\b)(?:[A-ZÀ-ÖØ-Þ][\w'’]*[\w](?:-[A-Z]?\w+)*|[A-Z]\.)"
    r"(?:\s+(?:(?:de|da|del|der|di|du|van|von|bin|ibn|al|el|la|le|of|the)\s+){0,2}"
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’-]*\w|[A-Z]\.))*")
# Words that begin a sentence with a capital and name nobody.
_NO_NAME = frozenset(
    "the a an in on at for from by with of and but or as it its he she they we you i this that "
    "these those there here when where who what which how why after before since until while if "
    "although though however meanwhile more most many some several few all both each no not one "
    "two three four five six seven eight nine ten about around nearly almost over under last next "
    "earlier later now then so his her their our my your according officials police residents "
    "witnesses organisers local yesterday today tomorrow monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter "
    "mr mrs ms dr sir only just also still even once again another other new".split())
_PLACE_WORDS = frozenset(
    "street road avenue lane square bridge park hall station airport school hospital stadium "
    "market hotel church theatre theater museum university river lake valley county district "
    "province region state harbour harbor port island bay beach mountain mount library arena "
    "centre center court palace forest canal tower factory mill gardens village town city "
    "house pier dock yard quarry mine farm club college gallery cathedral abbey castle".split())


def fold(text: str) -> str:
    """Text without accents, case and outer punctuation, for comparing.

    >>> fold("Côte d’Ivoire,")
    "cote d'ivoire"
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower().strip(" .,;:\"'()[]")


def proper_names(text: str) -> tuple[str, ...]:
    """The runs of capitalised words of a text that look like names, in order.

    >>> proper_names("On Monday Anna Bell opened the Tarn Bridge in Harwick.")
    ('Anna Bell', 'Tarn Bridge', 'Harwick')
    """
    names = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        while words and fold(words[0]) in _NO_NAME:
            words.pop(0)
        while words and (fold(words[-1]) in _NO_NAME or words[-1].islower()):
            words.pop()
        name = re.sub(r"['’]s$", "", " ".join(words)).strip(".,")
        if len(name) > 1:
            names.append(name)
    return tuple(names)


def core(name: str) -> tuple[str, ...]:
    """The words of a person's name without titles and suffixes, folded.

    >>> core("General Abdourahamane Tchiani"), core("Mr. Laessing's")
    (('abdourahamane', 'tchiani'), ('laessing',))
    """
    words = [re.sub(r"'s$", "", fold(w)).rstrip(".") for w in _WORD.findall(name)]
    return tuple(w for w in words if w and w not in TITLES and w not in _SUFFIXES)


def _alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and SequenceMatcher(None, a, b).ratio() >= 0.8)


def is_person(name: str) -> bool:
    """Whether words can be a personal name: one to four capitalised words, none a thing's word."""
    if country(fold(name).removeprefix("the ")):
        return False
    words = [w for w in _WORD.findall(name) if fold(w).rstrip(".") not in TITLES | _SUFFIXES]
    capital = [w for w in words if w[0].isupper()]
    return 1 <= len(capital) <= 4 and len(words) <= 5 and len(words) - len(capital) <= 2 and not (
        {fold(w) for w in words} & (_PLACE_WORDS | _ORGANISATION))


_ORGANISATION = frozenset(
    "company group ltd plc inc corp corporation bank ministry department council committee party "
    "union association agency authority police army navy office institute society foundation "
    "trust team united rovers fc school board league federation commission".split())


def compare_people(a: str, b: str) -> tuple[Relation, str]:
    """Compare two people's names, and say why in one line.

    >>> compare_people("General Abdourahamane Tchiani", "Tchiani")[0]
    'compatible'
    >>> compare_people("Anna Bell", "Mr Tom Reed")[0]
    'conflicting'
    >>> compare_people("a local farmer", "Tom Reed")[0]
    'unknown'
    """
    x, y = core(a), core(b)
    if x == y and x:
        return "same", "the names are the same"
    if not (is_person(a) and is_person(b)):
        return "unknown", "one of them is no personal name"
    if _alike(x[-1], y[-1]):
        firsts = (x[0], y[0]) if len(x) > 1 and len(y) > 1 else None
        if firsts and firsts[0][0] != firsts[1][0] and not _alike(*firsts):
            return "unknown", f"one surname, two first names: {a} and {b}"
        return "compatible", f"{x[-1]} and {y[-1]} can be one surname"
    if any(_alike(p, q) for p in x for q in y):
        return "unknown", "the names share a word"
    return "conflicting", f"{a} and {b} share no name"


def compare_names(a: str, b: str) -> tuple[Relation, str]:
    """Compare two names of organisations, works or things, and say why in one line.

    >>> compare_names("World Health Organization", "the WHO")[0]
    'compatible'
    >>> compare_names("Halden Steel", "Morrow & Sons")[0]
    'conflicting'
    """
    x, y = (tuple(fold(w) for w in _WORD.findall(n) if fold(w) not in _NO_NAME or w.isupper())
            for n in (a, b))
    if not x or not y or not (any(map(str.isupper, a)) and any(map(str.isupper, b))):
        return "unknown", "one of them is no name"
    if x == y:
        return "same", "the names are the same"
    for one, other in ((x, y), (y, x)):
        if len(one) == 1 and len(other) > 1 and one[0] == "".join(w[0] for w in other):
            return "compatible", "one is the initials of the other"
    if any(_alike(p, q) for p in x for q in y):
        return "compatible", "the names share a word"
    return "conflicting", f"{a} and {b} share no word"


@functools.cache
def _gazetteer() -> dict[str, frozenset[str]]:
    """Folded place name -> the countries it is, is the capital of, or is a province of."""
    from countryinfo import all_countries  # loads 250 files: only when two places are compared

    table: dict[str, set[str]] = {}
    for one in all_countries():
        info = one.info()
        own = fold(str(info["name"]))
        capital = str(info.get("capital") or "")
        provinces = [str(p) for p in info.get("provinces") or []]
        for name in (str(info["name"]), capital, str(info.get("demonym") or ""), *provinces):
            if len(name) > 2:
                table.setdefault(fold(name), set()).add(own)
    return {name: frozenset(countries) for name, countries in table.items()}


def compare_places(a: str, b: str, context: str = "") -> tuple[Relation, str]:
    """Compare two places, and say why in one line.

    Args:
        a: One place, as written.
        b: The other.
        context: Text of both articles around them: a sentence that names both places is taken
            to relate them ("Dunmore, in Harwick county").

    >>> compare_places("Niamey", "Niger")[0], compare_places("in Paris", "in Madrid")[0]
    ('compatible', 'conflicting')
    >>> compare_places("Dunmore", "Harwick")[0]
    'conflicting'
    >>> compare_places("Dunmore", "Harwick", "A fire in Dunmore, in Harwick county.")[0]
    'compatible'
    """
    x, y = _place(a), _place(b)
    if not x or not y or _clausal(a) or _clausal(b):
        return "unknown", "one of them names no place"
    if x & y:
        return ("same" if x == y else "compatible"), "the places share a name"
    if any(_alike(p, q) for p in x for q in y):
        return "compatible", "the names are spelled alike"
    table = _gazetteer()
    known = [frozenset().union(*(table.get(n, frozenset()) for n in names)) for names in (x, y)]
    if known[0] & known[1] or (x & known[1]) or (y & known[0]):
        return "compatible", "one is in the other"
    if all(known):
        return "conflicting", f"{a} and {b} are in different countries"
    folded = fold(context)
    for sentence in re.split(r"[.!?\n]\s", folded):
        if any(n in sentence for n in x) and any(n in sentence for n in y):
            return "compatible", "a sentence names both, so one may be in the other"
    if any(known) or _level(a) != _level(b):
        return "unknown", "the places may be of different size"
    return "conflicting", f"{a} and {b} are different places, and no article relates them"


def _clausal(text: str) -> bool:
    """Whether words are more than a place: "Fog came down", "on their way to Harwick"."""
    plain = [w for w in map(fold, text.split()) if w and w not in _SMALL]
    names = {w for name in proper_names(text) for w in fold(name).split()}
    return len([w for w in plain if w not in names and w not in _PLACE_WORDS]) > 1


_SMALL = frozenset("in at near on outside inside of the a an and to by from off suburb capital "
                   "north south east west northern southern eastern western central".split())


def _place(text: str) -> set[str]:
    """The names in an answer that says where, folded, without the word for the kind of place."""
    names = set()
    for name in proper_names(text[:1].upper() + text[1:] if text[:1].isupper() else text):
        words = [w for w in fold(name).split() if w != "the"]
        names.add(" ".join(words))
    return {n for n in names if n}


def _level(text: str) -> str:
    """What size of place the words speak of: the kind's word ("bridge"), or "" for a bare name."""
    words = [fold(w) for w in text.split()]
    kinds = [w for w in words if w in _PLACE_WORDS]
    return {"town": "", "city": "", "village": ""}.get(kinds[-1], kinds[-1]) if kinds else ""
