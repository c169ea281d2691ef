"""Nouns for people, places and groups: closed lists that tell what a phrase may stand for."""

from __future__ import annotations

PERSON_NOUNS = frozenset(
    (
        "general president minister leader chief director chairman chairwoman chair mayor "
        "governor king queen prince princess judge lawyer doctor professor teacher coach captain "
        "colonel sergeant major author writer poet painter artist singer actor actress scientist "
        "researcher engineer inventor founder owner manager officer official spokesman "
        "spokeswoman spokesperson senator secretary ambassador analyst specialist expert "
        "historian curator farmer fisherman baker chef pilot sailor man woman boy girl person "
        "mother father wife husband son daughter brother sister guy lady architect carpenter "
        "keeper warden ranger guide nurse principal dean archaeologist biologist"
    ).split()
)
TITLES = frozenset(
    (
        "mr mrs ms miss dr sir dame lord lady prof professor gen general president minister king "
        "queen prince princess captain colonel judge mayor senator"
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
        "group company organisation organization party team agency bank firm band army club corps "
        "union junta government ministry council committee university school museum institute "
        "foundation association bloc body cooperative library charity board regime crew family "
        "community society parliament court commission department orchestra brewery"
    ).split()
)
