"""Common English verbs, to tell where a noun phrase of a question ends.

A closed list with the forms made from it; a word that is more often a noun than a verb is left out.
"""

from __future__ import annotations

_BASE = (
    "accept accuse achieve acquire adopt allow announce appear apply appoint approve arrest "
    "arrive ask assist avoid become begin believe belong blame borrow break bring build buy call "
    "cancel carry celebrate choose claim close collapse collect come compare complain complete "
    "confirm consider contain continue convert cook cross cut decide declare decline defend "
    "deliver demolish deny depart deploy describe destroy detain develop die disappear discover "
    "dismiss dispatch donate draw drive drop earn eat elect employ enable encourage end escape "
    "establish evacuate examine exist expand expect explain express fail fall feel fill find "
    "finish fix flee fly follow forbid force found gain gather get give go govern grow happen "
    "hear help hide hire hit hold hope hurt identify impose improve include increase injure "
    "inspect inspire install introduce invade invent investigate invite join keep kill know land "
    "launch lead learn leave lend let lie lift live lose love make marry mean measure meet mend "
    "merge move need obtain occur offer open operate oppose order oust owe own participate pay "
    "perform plan play portray postpone predict prefer prepare present prevent produce promise "
    "propose protect prove provide publish pull push put raise reach read receive recommend "
    "recruit reduce refuse reject release rely remain remember remove renovate repair replace "
    "report require rescue resign respond restore return reveal rise rule run save say see seek "
    "seem seize sell send serve set settle share show sign sing sink sit sleep speak spend spread "
    "stand start stay steal stop strengthen study succeed suffer suggest support survive suspect "
    "suspend swim take talk teach tell think threaten throw train travel treat try turn "
    "understand use vanish visit vote wait walk want warn wear weigh win withdraw wonder work "
    "worry write "
    "back ban chair cover face fund halt head house look name pass react retire sack score shut "
    "step target trigger"
)
_IRREGULAR = (
    "arose ate beat became began begun bent bit bitten blew blown bore born bought bound broke "
    "broken brought built burnt came caught chose chosen cost dealt drawn drew driven drove drunk "
    "eaten fallen fed fell felt fled flew flown forbade forgot fought found froze gave given "
    "gone gotten got grew grown heard held hid hidden kept knew known laid lain lay led left "
    "lent lost made meant met paid proven ran rang risen rode rose said sang sank sat saw "
    "seen sent shook shot shown slept sold sought spent spoke spoken stole stolen stood stuck "
    "struck sung sunk swam swore taken taught thought threw thrown told took tore torn "
    "understood went woke won wore worn wrote written"
)
_BOTH = frozenset(  # bare forms that are nouns as often as verbs: only their other forms count
    ("call claim cook cost cut drive drop end fall fly force help hit hope land launch lead "
     "lie lift love measure move need offer order plan play present promise reach release "
     "report return rise ruin rule run set share show sign spread stand start stop study "
     "support train travel try turn use visit vote walk warn work worry "
     "back ban chair cover face fund halt head house look name pass sack score step target "
     "trigger").split()
)


def _forms(base: str) -> set[str]:
    forms = {base} if base not in _BOTH else set()
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")
    if base.endswith("y") and base[-2] not in "aeou":
        third = base[:-1] + "ies"
        forms |= {base[:-1] + "ied", base + "ing"}
    elif base.endswith("e"):
        forms |= {base + "d", base[:-1] + "ing"}
    else:
        forms |= {base + "ed", base + "ing", base + base[-1] + "ed", base + base[-1] + "ing"}
    if base not in _BOTH:
        forms.add(third)
    return forms


_PAST = frozenset(_IRREGULAR.split())
VERBS = frozenset[str]().union(*(_forms(base) for base in _BASE.split())) | _PAST
BARE = frozenset(_BASE.split())


def is_verb(word: str) -> bool:
    """Tell whether a word is mostly a verb form."""
    folded = word.casefold()
    return folded in VERBS or (len(folded) > 4 and folded.endswith("ed") and folded[-3] not in "e")


def is_past(word: str) -> bool:
    """Tell whether a verb form is a past form."""
    return word.casefold().endswith("ed") or word.casefold() in _PAST
