"""What is asked for as a label would name it: "how tall" is "Height", "who died" is "Died".

A short list of what stands on data sheets, in minutes, in price lists and beside portraits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.language.terms import Term, keys

# What a question says: how a label may say it.
_LABELS = """
weigh : weight mass
cost price expensive pay charge : price cost fee fare charge admission
die : died death
born birth : born birth birthday
marry husband wife spouse : spouse husband wife partner
work job profession : occupation profession job
occupation : profession job
consume use : consumption usage
hold contain fit capacity : capacity volume
make manufacture produce : manufacturer maker producer brand
write : author writer
lead head : leader head
start begin : start begin
end finish : end finish
phone telephone call : phone telephone tel hotline
mail email : mail email
person people : serves servings portions yield
loud : noise
difficult hard : difficulty
found : founder
direct : director
last : duration
"""
# How a question word, with what follows it, names a label.
_IMPLIED = tuple((re.compile(rf"\b{asked}\b", re.I), keys(labels)) for asked, labels in (
    (r"how\s+(?:tall|high)", "height"), (r"how\s+wide", "width"), (r"how\s+deep", "depth"),
    (r"how\s+heavy", "weight mass"), (r"how\s+fast", "speed"), (r"how\s+old", "age"),
    (r"how\s+(?:big|large)", "size"), (r"how\s+(?:hot|warm|cold)", "temperature"),
    (r"how\s+far", "distance range"), (r"how\s+loud", "noise"), (r"how\s+long", "length duration "
    "time term"), (r"how\s+(?:difficult|hard)", "difficulty"),
    (r"how\s+much\s+(?:is|are|was|were)", "price cost fee fare charge"),
    (r"where", "place venue location address"), (r"when|what\s+day", "date"),
    (r"(?:at\s+)?what\s+time", "time"), (r"who\s+(?:made|makes|wrote)", "manufacturer author"),
))
# Words of those question words.
TRIGGERS = keys("tall high wide deep heavy fast old big large hot warm cold far loud long "
                 "difficult hard time day")


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for line in _LABELS.strip().splitlines():
        asked, _, labels = line.partition(":")
        for key in keys(asked):
            table[key] = table.get(key, frozenset()) | keys(labels)
    return table


_MEANT = _table()


def meant(term: Term) -> frozenset[str]:
    """Return the keys of a word and of what a label may say instead."""
    return frozenset((term.key,)) | _MEANT.get(term.key, frozenset())


def all_meant(words: Iterable[Term]) -> frozenset[str]:
    """Return the keys of words and of what labels may say instead."""
    return frozenset[str]().union(*map(meant, words))


def implied(question: str) -> frozenset[str]:
    """Return the keys of the labels that a question's question words ask for.

    >>> sorted(implied("How tall is it?"))
    ['height']
    """
    return frozenset[str]().union(*(labels for words, labels in _IMPLIED if words.search(question)))
