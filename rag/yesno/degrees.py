"""What a sentence says of a part only, or to less than the full degree: "half full"."""

from __future__ import annotations

import re

from rag.language.opposites import alike
from rag.language.terms import terms
from rag.questions.intent import Asked

_NOT_ALL = re.compile(r"\b(?:almost|nearly|virtually|practically|not)\s+(?:all|every|each|both)\b",
                      re.I)
# What says less than the word behind it does.
_LESS = re.compile(
    r"\b(?P<less>"
    r"(?:little|some|half|part|most|much|few|many|(?:a|one)\s+(?:third|quarter|fifth|tenth|part)|"
    r"thirds|quarters|fifths|tenths|per\s+cent|percent)\s+of(?:\s+(?:the|its|his|her|"
    r"their|this|that|those|these))?|"
    r"far\s+from|anything\s+but|rarely|seldom|partly|partially|half|(?:thirds?|quarters?)(?!\s+of\b)|"
    r"(?:per\s+cent|percent)(?!\s+of\b)|all\s+but\s+\w+)\s+(?P<what>[\w’'-]+(?:\s+[\w’'-]+)?)|"
    r"(?<=\d%)\s+(?:of(?:\s+the)?\s+)?(?P<share>[\w’'-]+)", re.I)


def short_of(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says of a part, or in part, what a question asks of the whole."""
    wanted = {t.key for t in asked.words}
    wanted |= {other for key in wanted for other in alike(key)}
    for match in _LESS.finditer(sentence):
        less = re.sub(r"\s+of\b.*|(?<=but)\s.*", "", match["less"] or "%")
        if re.search(rf"(?<!\w){re.escape(less)}(?!\w)", asked.text, re.I):
            continue
        if any(t.key in wanted for t in terms(match["what"] or match["share"])):
            return True
    return False


def nearly_all(sentence: str) -> bool:
    """Tell whether a sentence says it of nearly all, and so not of all."""
    return _NOT_ALL.search(sentence) is not None
