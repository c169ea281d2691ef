"""Who says so: the exact words that attribute a sentence to somebody, if there are any.

A sentence is the article's own statement unless words in it, or around the quotation that it
stands in, give it to somebody: "according to state television", "Mr Laessing said". Patterns of
English news; what they miss is taken for the article's own statement.
"""

from __future__ import annotations

import re

# These attribute wherever they stand.
_SAY = (r"said|says|say|told|tells|stated|states|added|adds|explained|explains|argued|argues|"
        r"insisted|insists|claimed|claims|alleged|alleges|admitted|admits|tweeted|remarked|commented|"
        r"replied|testified|recalled|recalls|complained|complains|stressed|warned|warns|"
        r"mentioned|believes?|believed|thinks?|estimates?|estimated|suggested|suggests")
# These do only with "that", beside a quotation, or after the comma at a sentence's end:
# "the firm announced plans" is the article's statement.
_REPORT = (r"announced|announces|reported|reports|confirmed|confirms|revealed|reveals|noted|notes|"
           r"wrote|writes|declared|declares|predicted|predicts|denied|denies|acknowledged|found|"
           r"finds|showed|shows|concluded|concludes|disclosed|promised|ruled|put")
_NOUN = (r"(?:[^\s,;:.!?“”\"()·]|(?<=\b[A-Z])\.|(?<=\b(?:Mr|Dr|Ms|St|Lt))\.|"
         r"(?<=\b(?:Mrs|Gov|Gen|Sen|Rep|Col))\.|(?<=\b(?:Prof|Capt))\.)+")
_PHRASE = rf"{_NOUN}(?:\s+{_NOUN}){{0,13}}?"
_STOP = r"(?=\s*(?:[,;:.!?“”\"()·]|$))"

_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording\s+to|[Aa]s\s+(?:reported|told|quoted|stated|announced)\s+by|"
    rf"[Rr]eported\s+by|[Qq]uoted\s+by|[Ii]n\s+the\s+words\s+of|[Cc]iting(?=\s+(?:[A-Z]|the\s|an?\s|police|officials|sources|"
    rf"state|local|reports|witnesses)))\s+{_PHRASE}{_STOP}")
_AS_SAYING = re.compile(
    rf"{_PHRASE}\s+(?:quotes?|quoted|cites?|cited)\s[^“”\"·]{{1,240}}?\bas\s+saying")
_WAS_QUOTED = re.compile(rf"{_PHRASE}\s+(?:was|were|is)\s+(?:quoted|cited)\s+as\s+saying")
_SUBJECT_SAYS = re.compile(
    rf"(?P<subject>{_PHRASE})(?P<aside>,[^“”\"·]{{1,160}}?,)?\s+(?P<verb>{_SAY}|{_REPORT})\b")
_SAYS_SUBJECT = re.compile(
    rf"(?:^|[,”\"·?!]\s*)(?P<said>(?:{_SAY}|{_REPORT})\s+(?P<who>{_PHRASE})){_STOP}")
_HEARSAY = re.compile(
    r"\b(?:[Rr]eportedly|[Aa]llegedly|[Ii]t\s+is\s+(?:said|believed|thought|reported)\s+that|"
    r"(?:is|are|was|were)\s+(?:said|believed|thought|reported|alleged|rumoured)\s+to|"
    r"[Rr]umou?rs?\s+(?:say|that))\b")
_STRONG = re.compile(rf"(?:{_SAY})\Z")
_TAIL = re.compile(r"\s*(?:that\b|on\s+\w+\s+that\b|[,:]?\s*[“\"·]|[,:.]?\s*$|"
                   r"(?:on|in|at|late|early)\s[^,.;]{1,30}[.]?\s*$|(?:at|the\s+number)\b)")
_NO_SUBJECT = re.compile(
    r"(?:.*\s)?(?:who|which|that|be|been|being|is|are|was|were|to|not|as|and|or|it|there|has|have|"
    r"had|can|will|would|could|than|what)\Z", re.IGNORECASE)
# After "said": what is said, not who says it.
_NO_SPEAKER = re.compile(r"\A(?:that|it|in|on|at|to|by|a\s+total)\b|\b(?:was|were|is|are|had|has|"
                         r"have|would|will|could|can|did|does|do)\b")
_QUOTATIONS = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"]*(?:\"|\Z)|(?<!\w)‘[^’]*’(?!\w)")
_BREAKS = re.compile(r"(?<=[.!?])[”\"’]?\s+(?=[A-Z“\"‘])|\n")


def said_by(text: str, start: int, end: int) -> str | None:
    """Return the exact words that attribute a sentence; None for the article's own statement.

    Args:
        text: The article's text.
        start: First character of the sentence.
        end: One past its last character.

    >>> article = "It is safe, a military spokesperson said. “We checked. It holds,” said Mr Orm."
    >>> said_by(article, 0, 41)
    'a military spokesperson said'
    >>> said_by(article, 42, 54)  # inside a quotation that goes on
    'said Mr Orm'
    >>> said_by("The bridge opened in 2019.", 0, 26) is None
    True
    """
    left, right = _quotation(text, start, end)
    window = text[left:right]
    masked = _mask(window)
    found = _find(masked)
    return window[found[0] : found[1]] if found else None


def is_hearsay(words: str) -> bool:
    """Tell whether words that attribute something name nobody: "reportedly"."""
    return _HEARSAY.fullmatch(words) is not None


def _quotation(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a sentence inside a quotation to the sentences that open and close the quotation."""
    top = text.rfind("\n", 0, start) + 1
    bottom = text.find("\n", end)
    bottom = len(text) if bottom < 0 else bottom
    for match in _QUOTATIONS.finditer(text[top:bottom]):
        opened, closed = match.start() + top, match.end() + top
        if opened <= start < closed < end or start < opened < end < closed or (
                opened <= start and end <= closed):
            breaks = [m.end() + top for m in _BREAKS.finditer(text[top:bottom])]
            ends = [m.start() + top + len(m[0].rstrip()) - len(m[0].lstrip())
                    for m in _BREAKS.finditer(text[top:bottom])]
            left = max((b for b in breaks if b <= opened), default=top)
            after = [e for e in ends if e > closed]
            # The sentence that closes the quotation runs on only where its end does not.
            last = text[:closed].rstrip("”\"’").rstrip()[-1:]
            right = closed if last in ".!?" else min(after, default=bottom)
            return min(left, start), max(right, end)
    return start, end


def _mask(window: str) -> str:
    """The text with the words of long quotations put out of reach, length kept."""
    return _QUOTATIONS.sub(
        lambda m: "·" * len(m[0]) if len(m[0].split()) > 3 or m[0][-2:-1] in ",.!?" else m[0],
        window)


def _find(window: str) -> tuple[int, int] | None:
    for pattern in (_AS_SAYING, _WAS_QUOTED):
        if match := pattern.search(window):
            return _trim(window, match.start(), match.end())
    spoken = _spoken(window)
    if spoken:
        return spoken
    if match := _ACCORDING.search(window):
        return match.span()
    if match := _HEARSAY.search(window):
        return match.span()
    return None


def _spoken(window: str) -> tuple[int, int] | None:
    """The first "X said" or "said X" of a sentence."""
    for match in _SAYS_SUBJECT.finditer(window):
        if not _NO_SPEAKER.search(match["who"]):
            return match.span("said")
    at = 0
    while found := _SUBJECT_SAYS.search(window, at):
        verb, subject = found["verb"], found["subject"]
        at = found.end()
        follows = window[at:]
        if _NO_SUBJECT.match(subject) or not any(c.isalpha() for c in subject):
            continue
        strong = _STRONG.match(verb) and not re.match(r"\s+to\s+(?:be|have)\b", follows)
        # A verb in front of a plain object is the article's statement: "estimates of damage".
        plain = re.match(r"\s+(?:of|by|for)\b", follows)
        if plain or not (strong or _TAIL.match(follows)):
            continue
        return _trim(window, found.start("subject"), found.end("verb"))
    return None


def _trim(window: str, start: int, end: int) -> tuple[int, int]:
    """Cut a conjunction or an adverbial in front off the words of an attribution."""
    match = re.match(r"(?:(?:and|but|while|as|because|after|when|so|then|however|that|although|"
                     r"whereas|if)\s+)+", window[start:end], re.IGNORECASE)
    return (start + match.end() if match else start), end
