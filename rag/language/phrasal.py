"""Verbs of several words as one word that means the same: "gave the door back" is "returned" it.

Only for comparing a question with a sentence: what is shown and quoted is the text itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = {
    row.split()[0]: row.split() for row in (
        "give gives gave given giving", "hand hands handed handed handing",
        "bring brings brought brought bringing", "send sends sent sent sending",
        "get gets got got getting", "take takes took taken taking", "pay pays paid paid paying",
        "call calls called called calling", "turn turns turned turned turning",
        "shut shuts shut shut shutting", "close closes closed closed closing",
        "tear tears tore torn tearing", "knock knocks knocked knocked knocking",
        "pull pulls pulled pulled pulling", "step steps stepped stepped stepping",
        "stand stands stood stood standing", "go goes went gone going",
        "carry carries carried carried carrying", "stay stays stayed stayed staying",
        "set sets set set setting", "find finds found found finding", "put puts put put putting",
        "break breaks broke broken breaking", "lay lays laid laid laying",
        "throw throws threw thrown throwing", "accept accepts accepted accepted accepting",
        "admit admits admitted admitted admitting", "keep keeps kept kept keeping",
        "lose loses lost lost losing", "burn burns burned burned burning",
    )
}
# Verb, particle, and the five forms of the word that means the same; up to three words may stand
# before a particle with "~".
_RETURN = "return returns returned returned returning"
_REJECT = "reject rejects rejected rejected rejecting"
_RESIGN = "resign resigns resigned resigned resigning"
_CONCEDE = "concede concedes conceded conceded conceding"
_REMAIN = "remain remains remained remained remaining"
_DEMOLISH = "demolish demolishes demolished demolished demolishing"
_CLOSE = "close closes closed closed closing"
_VERBS = (
    ("give", "~back", _RETURN), ("hand", "~back", _RETURN), ("bring", "~back", _RETURN),
    ("send", "~back", _RETURN),
    ("take", "~back", "withdraw withdraws withdrew withdrawn withdrawing"),
    ("pay", "~back", "repay repays repaid repaid repaying"),
    ("call", "~off", "cancel cancels cancelled cancelled cancelling"),
    ("put", "~off", "postpone postpones postponed postponed postponing"),
    ("turn", "~down", _REJECT), ("throw", "~out", _REJECT),
    ("shut", "~down", _CLOSE), ("close", "~down", _CLOSE),
    ("tear", "~down", _DEMOLISH), ("knock", "~down", _DEMOLISH), ("pull", "~down", _DEMOLISH),
    ("step", "down", _RESIGN), ("stand", "down", _RESIGN),
    ("go", "up", "rise rises rose risen rising"), ("go", "down", "fall falls fell fallen falling"),
    ("go", "on strike", "strike strikes struck struck striking"),
    ("carry", r"on(?=\s+(?:with|until|to)\b|\s*[.,?])",
     "continue continues continued continued continuing"),
    ("carry", "~out", "perform performs performed performed performing"),
    ("set", "~up", "establish establishes established established establishing"),
    ("find", "guilty", "convict convicts convicted convicted convicting"),
    ("find", "out", "discover discovers discovered discovered discovering"),
    ("put", "~forward", "nominate nominates nominated nominated nominating"),
    ("break", "out", "start starts started started starting"),
    ("lay", "~off", "dismiss dismisses dismissed dismissed dismissing"),
    ("take", "part", "participate participates participated participated participating"),
    ("accept", "defeat", _CONCEDE), ("admit", "defeat", _CONCEDE),
    ("stay", "on", _REMAIN), ("keep", r"(?:his|her|its|their)\s+(?:job|post|seat)", _REMAIN),
    ("lose", r"(?:his|her|its|their)\s+(?:life|lives)", "die dies died died dying"),
    ("burn", "down", "burn burns burned burned burning"),
)
_PHRASES = (
    (r"put\s+out(?=\s+(?:the\s+)?(?:fire|flames|blaze)\b|\s*[,.?]|"
     r"\s+(?:early|late|on|by|after|within)\b)", "extinguished"),
    (r"on\s+purpose", "deliberately"),
    (r"free\s+of\s+charge|(?<!charges\s)(?<!charge\s)for\s+(?:free|nothing)|"
     r"(?:without|at\s+no)\s+(?:charge|cost)|without\s+(?:paying|a\s+fee)", "free"),
    (r"money\s+back", "refund"),
    (r"spot[ -]kick", "penalty"),
    (r"on\s+(?:full|half|reduced|normal)\s+(?:pay|wages)", "paid"), (r"without\s+pay", "not paid"),
    (r"(?:get|become)\s+better", "improve"), (r"(?:gets|becomes)\s+better", "improves"),
    (r"(?:got|gotten|became)\s+better", "improved"), (r"(?:get|become)\s+worse", "worsen"),
    (r"(?:gets|becomes)\s+worse", "worsens"), (r"(?:got|gotten|became)\s+worse", "worsened"),
    (r"(?:go|goes|going)\s+ahead", "proceed"), (r"(?:went|gone)\s+ahead", "proceeded"),
    (r"(?:remain|stay|be\s+left)\s+standing", "survive"),
    (r"(?:(?:remained|stayed)|(?:was|were)\s+(?:left|still))\s+standing", "survived"),
    (r"(?:at\s+fault|to\s+blame)", "blamed"),
    (r"(?:show|conclude|establish|prove)(?=\s+that\b)", "find"),
    (r"(?:showed|shown|concluded|established|proved|proven)(?=\s+that\b)", "found"),
    # For and against: a vote, a speech or a campaign, and what somebody is.
    (r"(?:am|is|are|was|were|been)\s+(?:strongly\s+|firmly\s+)?(?:against|opposed\s+to)",
     "opposed"),
    (r"(?:voted|spoke\s+out|spoken\s+out|campaigned|argued)\s+against|objected\s+to", "opposed"),
    (r"(?:vote|speak\s+out|campaign|argue)\s+against|object\s+to", "oppose"),
    (r"(?:am|is|are|was|were|been)\s+(?:strongly\s+|firmly\s+)?in\s+favou?r\s+of", "supported"),
    (r"voted\s+(?:for(?!\s+the\s+\w+\s+time\b)|in\s+favou?r\s+of)", "supported"),
    (r"vote\s+(?:for(?!\s+the\s+\w+\s+time\b)|in\s+favou?r\s+of)", "support"),
)
_MODAL = tuple(
    (re.compile(rf"\A(?:is|are)\s+(?P<who>(?:\S+\s+){{0,5}}?\S+)\s+(?:{said})\s+to\s+(?=[a-z])",
                re.I), modal) for said, modal in (("going", "Will"), ("allowed|permitted", "Can")))
_ANYBODY = r"(?:people|visitors|guests|you|we|I|one|anyone|everyone|the\s+public)"
_USE = (r"(?:visit|see|enter|use|view|attend|tour|get\s+in(?:to)?|go\s+in(?:to)?|go\s+to|cross|"
        r"ride)")
# Questions as those that ask the same more directly.
_FRAMES = tuple((re.compile(pattern, re.I), said) for pattern, said in (
    (r"\A(?P<aux>did|do|does|will|can)\s+(?P<who>(?:\S+\s+){1,8}?)(?:manage|get)\s+to\s+(?=[a-z])",
     r"\g<aux> \g<who>"),
    (r"\A(?:was|were)\s+(?P<who>(?:\S+\s+){1,8}?)able\s+to\s+(?=[a-z])", r"Did \g<who>"),
    (r"\A(?:is|are)\s+(?P<who>(?:\S+\s+){1,8}?)able\s+to\s+(?=[a-z])", r"Can \g<who>"),
    (r"\A(?:will)\s+(?P<who>(?:\S+\s+){1,8}?)be\s+able\s+to\s+(?=[a-z])", r"Can \g<who>"),
    (r"\A(?:do|does|will)\s+(?P<who>(?:\S+\s+){1,8}?)(?:get|receive|draw)\s+(?:their|his|her)\s+"
     r"(?:full\s+)?(?:wages?|pay|salary|salaries)\b", r"Will \g<who>be paid"),
    (r"\Adid\s+(?P<who>(?:\S+\s+){1,8}?)(?:get|receive|draw)\s+(?:their|his|her)\s+"
     r"(?:full\s+)?(?:wages?|pay|salary|salaries)\b", r"Were \g<who>paid"),
    (rf"\A(?:can|could|do|does|did|will|may)\s+{_ANYBODY}\s+(?P<still>still\s+)?{_USE}\s+"
     r"(?P<what>[^,?]+?)\s+free(?=\W*\Z)", r"Will \g<what> \g<still>be free"),
    (rf"\A(?:do|does|will|must|did)\s+{_ANYBODY}\s+(?:(?:have|need)\s+to\s+)?pay\s+"
     rf"(?:anything\s+)?to\s+{_USE}\s+(?P<what>[^,?]+?)(?=\W*\Z)",
     r"Will \g<what> not be free"),
    (r"\A(?:is|was)\s+there\s+(?:a\s+charge|an?\s+(?:entry\s+)?fee)\s+(?:for|to)\s+"
     r"(?P<what>[^,?]+?)(?=\W*\Z)", r"Will \g<what> not be free"),
))
_BETWEEN = r"(?P<what>(?:\s+(?!(?:and|or|but|to|that|who|which|is|was)\b)[\w'’-]+){0,3}?)\s+"


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text with its phrasal verbs as single words.

    Example:
        >>> plain("The strike was called off.")
        'The strike was cancelled.'
        >>> plain("Did they give the points back?")
        'Did they return the points?'
    """
    for pattern, forms, single in _patterns():
        def single_word(match: re.Match[str], forms: list[str] = forms,
                        single: list[str] = single) -> str:
            said = match["verb"].lower()
            at = forms.index(said)
            if single[2] != single[3] and forms[2] == forms[3] and re.search(
                    r"\b(?:is|are|was|were|be|been|being|has|have|had)\s+(?:\w+ly\s+)?\Z",
                    match.string[: match.start()], re.I):
                at = 3
            return single[at] + (match["what"] or "")
        text = pattern.sub(single_word, text)
    for phrase, word in _fixed():
        text = phrase.sub(word, text)
    return text


def directly(question: str) -> str:
    """Return a question with its phrasal verbs as single words, and its modal verb in front.

    Example:
        >>> directly("Are visitors allowed to touch it?")
        'Can visitors touch it?'
    """
    for pattern, modal in _MODAL:
        question = pattern.sub(rf"{modal} \g<who> ", question)
    question = plain(question)
    for pattern, said in _FRAMES:
        question = pattern.sub(said, question)
    return question


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], list[str], list[str]], ...]:
    found = []
    for verb, particle, single in _VERBS:
        gap = _BETWEEN if particle.startswith("~") else r"(?P<what>)\s+"
        rest = particle.removeprefix("~").replace(" ", r"\s+")
        rest += "" if rest.endswith(")") else r"\b"
        forms = "|".join(_FORMS[verb])
        found.append((re.compile(rf"\b(?P<verb>{forms}){gap}{rest}", re.I), _FORMS[verb],
                      single.split()))
    return tuple(found)


@lru_cache(maxsize=1)
def _fixed() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{p})", re.I), word) for p, word in _PHRASES)
