"""Words of a question: how a text is cut into words, and the words that carry no topic.

The lists hold function words only. They are what a resolved question may contain beyond the words
of the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

DETERMINERS = frozenset("a an the this that these those".split())
PERSONAL = frozenset(
    ("i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his "
     "himself she her hers herself it its itself they them their theirs themselves").split()
)
QUESTION_WORDS = frozenset(
    "who whom whose what which when where why how whoever whatever whichever".split()
)
AUXILIARIES = frozenset(
    "am is are was were be been being do does did done doing has have had having can could may "
    "might must shall should will would ought".split()
)
PREPOSITIONS = frozenset(
    "about above across after against along amid among around as at before behind below beneath "
    "beside besides between beyond by despite down during except for from in inside into like near "
    "of off on onto out outside over per since than through throughout to toward towards under "
    "until up upon via with within without".split()
)
CONNECTIVES = frozenset(
    "and or but nor so yet if because although though while whereas whether then else also too "
    "either neither both not no yes there here".split()
)
ORDINALS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth last".split()
)
QUANTIFIERS = frozenset(
    "any some all each every many much more most few fewer less least several other others another "
    "such same own one ones only just even ever never again still already very really quite rather "
    "almost enough anything something nothing everything anyone someone everyone nobody somebody "
    "anybody everybody else now once".split()
)
FUNCTION_WORDS = (
    DETERMINERS | PERSONAL | QUESTION_WORDS | AUXILIARIES | PREPOSITIONS | CONNECTIVES | QUANTIFIERS
    | frozenset("s t d ll re ve m don doesn didn isn aren wasn weren hasn haven hadn won".split())
)

_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the Snowball stem of a word, without case and without a possessive ending."""
    folded = word.casefold().replace("’", "'")
    folded = folded.removesuffix("'s").rstrip("'")
    return str(_stemmer.stemWord(folded))


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text, with their offsets."""
    return WORD.finditer(text)


def is_content(word: str) -> bool:
    """Tell whether a word carries topic: not a function word and not a single letter."""
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    return folded not in FUNCTION_WORDS and (len(folded) > 1 or folded.isdigit())


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text."""
    return frozenset(stem(m[0]) for m in words(text) if is_content(m[0]))
