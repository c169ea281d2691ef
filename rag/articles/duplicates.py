"""Texts that are copies of one story: near-identical ones share a group, and are one source.

MinHash signatures of word shingles (Broder, 1997; library `rensa`) propose pairs, and the shingles
themselves decide, so that chance in the hashes cannot join two texts. A text that holds another
nearly whole (an agency report with a paragraph more) is its copy, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Words in a shingle; for texts of a sentence or two, shorter ones.
_SHINGLE = 4
# Least share of common shingles (Jaccard) of two copies.
_JACCARD = 0.55
# Least share of the smaller text's shingles in the larger one.
_CONTAINED = 0.8
# Fewer words than these are no story: that two short sentences are the same may be chance.
_LEAST_WORDS = 10
# From so many texts on pairs are proposed by MinHash; below, all pairs are looked at.
_ALL_PAIRS = 40
_PERMUTATIONS = 128
_BANDS = 64  # two rows a band: proposes pairs from a Jaccard of about 0.13 on, never misses 0.55
_SEED = 20_011


@lru_cache(maxsize=512)  # one question compares the same few passages again and again
def shingles(text: str) -> frozenset[str]:
    """The runs of four words of a text, without case, accents and punctuation.

    >>> sorted(shingles("The old mill burned down."))
    ['old mill burned down', 'the old mill burned']
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", plain)
    return frozenset(" ".join(words[i : i + _SHINGLE])
                     for i in range(max(1, len(words) - _SHINGLE + 1))) if words else frozenset()


def copies(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two texts, given by their shingles, are copies of one story."""
    small = min(len(a), len(b))
    if small < _LEAST_WORDS - _SHINGLE + 1:
        return False
    common = len(a & b)
    return common / len(a | b) >= _JACCARD or common / small >= _CONTAINED


def group(texts: Sequence[str]) -> tuple[int, ...]:
    """Number the groups of copies among texts, from 0 in order of appearance.

    >>> story = "The old mill by the river burned down on Monday night, the fire brigade said."
    >>> group([story, "A quite different story about a new school for the town's children.",
    ...        story + " Nobody was hurt."])
    (0, 1, 0)
    """
    sets = [shingles(t) for t in texts]
    return _numbered(len(sets), ((i, j) for i, j in _pairs(sets) if copies(sets[i], sets[j])))


def sources(told: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """Number the independent sources of one answer, from 0 in order of appearance.

    Two articles are one source for it if the passages that give it are copies, or if its sentence
    is: an agency's sentence within two reports of their own is still the agency's.

    Args:
        told: Article, passage and sentence of each place that gives the answer.

    Returns:
        The number of each article's source.

    >>> agency = "Nine miners died in the Orlow pit on Monday night, the mine's owners said."
    >>> sources([("a", agency + " Snow fell.", agency), ("b", "In brief. " + agency, agency),
    ...          ("c", "Nine are dead at Orlow.", "Nine are dead at Orlow.")])
    {'a': 0, 'b': 0, 'c': 1}
    """
    names = list(dict.fromkeys(article for article, _, _ in told))
    if len(names) < 2:
        return dict.fromkeys(names, 0)
    texts: dict[str, tuple[set[frozenset[str]], set[frozenset[str]]]] = {
        name: (set(), set()) for name in names}
    for article, passage, sentence in told:
        texts[article][0].add(shingles(passage))
        texts[article][1].add(shingles(sentence))
    joined = (
        (i, j)
        for j in range(len(names)) for i in range(j)
        if any(copies(a, b) for ours, theirs in zip(texts[names[i]], texts[names[j]], strict=True)
               for a in ours for b in theirs)
    )
    return dict(zip(names, _numbered(len(names), joined), strict=True))


def _numbered(count: int, joined: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Number the groups that pairs join, from 0 in order of appearance."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in joined:
        if root(i) != root(j):
            parent[max(root(i), root(j))] = min(root(i), root(j))
    number: dict[int, int] = {}
    return tuple(number.setdefault(root(i), len(number)) for i in range(count))


def _pairs(sets: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Pairs of texts that may be copies."""
    if len(sets) <= _ALL_PAIRS:
        return [(i, j) for j in range(len(sets)) for i in range(j)]
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]  # only a whole folder needs it

    index = RMinHashLSH(threshold=0.3, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    pairs = []
    for at, one in enumerate(sets):
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        signature.update(sorted(one))
        pairs += [(other, at) for other in sorted(index.query(signature))]
        index.insert(at, signature)
    return pairs
