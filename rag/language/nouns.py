"""Nouns for people, places, groups and measures: lists that tell what a phrase stands for."""

from __future__ import annotations

import re

PERSON_NOUNS = frozenset(
    (
        "cook clerk councillor sailor editor student pupil worker reporter witness neighbour "
        "lodger gardener widow heir inspector deputy commander surgeon librarian referee "
        "goalkeeper striker general president minister leader chief director chairman "
        "chairwoman chair mayor governor king queen prince princess judge lawyer doctor "
        "professor teacher coach captain colonel sergeant major author writer poet painter "
        "artist singer actor actress scientist researcher engineer inventor founder owner "
        "manager officer official spokesman spokeswoman spokesperson senator secretary "
        "ambassador analyst specialist expert historian curator farmer fisherman baker chef "
        "pilot man woman boy girl person mother father wife husband son daughter brother sister "
        "guy lady architect carpenter keeper warden ranger guide nurse principal dean "
        "archaeologist biologist supervisor boss colleague assistant apprentice trainee uncle aunt "
        "cousin nephew niece grandmother grandfather employer employee prosecutor defendant victim "
        "suspect sculptor dancer dentist botanist substitute soldier protester rebel rescuer "
        "skipper"
    ).split()
)
# Titles of offices: who holds one is not called by another.
OFFICES = frozenset(
    "president minister king queen prince princess captain colonel general judge mayor "
    "senator".split()
)
TITLES = OFFICES | frozenset("mr mrs ms miss dr sir dame lord lady prof professor gen".split())
PLACE_NOUNS = frozenset(
    (
        "country city town village island region state province capital nation place area "
        "district county river lake mountain valley"
    ).split()
)
GROUP_NOUNS = frozenset(
    (
        "trust fund society quartet band choir league federation survey institute laboratory "
        "newspaper magazine hospital theatre brigade consortium co-operative agency group "
        "company organisation organization party team bank firm army club corps union junta "
        "government ministry council committee university school museum foundation association "
        "bloc body cooperative library charity board regime crew family community parliament "
        "court commission department orchestra brewery partners holdings industries airlines "
        "ltd plc inc"
    ).split()
)
# What is measured or told of a thing: "the weight of the wheel" is spoken of as the wheel.
MEASURES = frozenset(
    (
        "age aim amount area capacity cause colour color cost depth diameter duration fee goal "
        "height length location name number price purpose rent size speed surface temperature "
        "title value volume weight width"
    ).split()
)

# Buildings and sites: things that somebody can be in, and that "there" may mean.
SITES = frozenset(
    (
        "hospital museum library school theatre university brewery court airport barn bridge "
        "cafe camp castle cathedral cave chapel church cinema clinic depot dock "
        "factory farm garage gallery garden hall harbour home hotel house hut kitchen mill mine "
        "monastery observatory office palace park pier plant port pub quarry restaurant "
        "shipyard shop site stadium station studio tower workshop yard"
    ).split()
)
# Firms and places of work that people speak of as "they".
STAFFED = frozenset(
    "airline bakery business cafe clinic factory hotel label mill pub publisher restaurant shop "
    "startup start-up station studio".split()
)
CURRENCIES = frozenset(
    "euro euros dollar dollars pound pounds crown crowns franc francs yen rupees pence "
    "cents".split()
)

NUMBER_WORDS = frozenset(
    (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million billion half dozen hundreds thousands millions"
    ).split()
)

def is_person(noun: str) -> bool:
    """Tell whether a noun is one for persons, of one or several: "biologists", "fishermen"."""
    folded = noun.casefold()
    if folded in PERSON_NOUNS or folded.removesuffix("s") in PERSON_NOUNS:
        return True
    single = re.sub(r"(?<=\w)men$", "man", folded)
    return len(single) > 5 and single.endswith(("man", "woman")) and single[:-3] not in _NO_MEN


# Words in "-man" that are nobody.
_NO_MEN = frozenset(("ger", "ot", "ro", "hu", "tali", "sha", "nor"))
# Plurals without an "s".
PLURALS = frozenset("people men women children police cattle".split())
# What stands behind "how" and asks for a degree.
DEGREES = frozenset(
    "long far old often big tall high deep wide heavy fast large small late early soon much".split()
)
