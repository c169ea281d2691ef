"""Nouns for people, places, groups and measures: lists that tell what a phrase stands for."""

from __future__ import annotations

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
        "suspect sculptor dancer dentist botanist substitute soldier protester rebel rescuer"
    ).split()
)
TITLES = frozenset(
    (
        "mr mrs ms miss dr sir dame lord lady prof professor gen general president minister "
        "king queen prince princess captain colonel judge mayor senator"
    ).split()
)
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
        "court commission department orchestra brewery"
    ).split()
)
# What is measured or told of a thing: "the weight of the wheel" is spoken of as the wheel.
MEASURES = frozenset(
    (
        "age amount area capacity colour color cost depth diameter duration fee height length "
        "location name number price rent size speed surface temperature title value volume weight "
        "width"
    ).split()
)

NUMBER_WORDS = frozenset(
    (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million billion half dozen hundreds thousands millions"
    ).split()
)
# Plurals without an "s".
PLURALS = frozenset("people men women children police cattle".split())
# What stands behind "how" and asks for a degree.
DEGREES = frozenset(
    "long far old often big tall high deep wide heavy fast large small late early soon much".split()
)
