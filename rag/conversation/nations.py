"""Adjectives of countries and peoples, told by their endings: "Russian", "Danes"."""

from __future__ import annotations

import re

_NATION = re.compile(
    r"(?!(?:Brian|Ian|Vivian|Julian|Adrian|Damian|Sebastian|Christian|Ocean|Sean|Jean|Dean)$)"
    r".*(?:ian|ean|ish|ese|can|french|dutch|czech|greek|swiss|thai|turk|dane|swede|pole|iraqi|israeli"
    r"|somali|bengali|pakistani|nepali|yemeni|kuwaiti|qatari|omani|saudi|bangladeshi|afghan|german"
    r"|roman|icelandic)s?$",
    re.I,
)


def is_nationality(word: str) -> bool:
    """Tell whether a capitalised word looks like the adjective of a country or people."""
    return word[:1].isupper() and bool(_NATION.match(word))
