"""Small talk: words that ask nothing of the articles, and the short, honest reply to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Talk = Literal["greeting", "thanks", "farewell", "self", "help", "wellbeing", "praise"]

_POLITE = r"(?:there|you|very much|so much|a lot|again|everyone|all|friend|assistant|please|then)"
_ASKS = (r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had"
         r"|can|could|will|would|tell)\b")
_PATTERNS: tuple[tuple[Talk, str], ...] = (
    (
        "greeting",
        rf"(?:hello|hi|hey|hiya|greetings|good (?:morning|afternoon|evening|day))"
        rf"(?: {_POLITE})*",
    ),
    (
        "thanks",
        r"(?:ok(?:ay)? |great |perfect |good |no )?(?:many )?"
        r"(?:thanks|thank you|thx|cheers|much appreciated)"
        rf"(?: {_POLITE})*(?: (?:for|that|this)(?:(?!\b{_ASKS}).){{0,60}})?",
    ),
    (
        "farewell",
        rf"(?:(?:good ?)?bye(?: ?bye)?|see you(?: later| soon)?|good night)(?: {_POLITE})*",
    ),
    (
        "self",
        r"(?:and )?(?:who|what) (?:are|r) you|what(?: is|'s) your name|who (?:made|built) you"
        r"|are you (?:a |an )?(?:robot|bot|ai|human|person|machine|real|chatgpt|computer)"
        r"|are you (?:a )?(?:real )?(?:person|human)|tell me about yourself|introduce yourself"
        r"|what kind of (?:assistant|bot|ai) are you",
    ),
    (
        "help",
        r"(?:please )?help(?: me)?(?: please)?|(?:can|could|will) you help(?: me)?(?: please)?"
        r"|what (?:can|could|should|may|do) (?:i|you) (?:ask|do|know|answer|help with)"
        r"(?: you| me| here| about| for me| with)*"
        r"|what (?:kind|sort)s? of (?:questions?|things?) can (?:i|you) (?:ask|answer)(?: you)?"
        r"|how (?:do|does|can|should) (?:this|i|you) (?:work|use (?:this|you|it)|start)"
        r"|(?:what|which) (?:articles|texts|documents|sources) (?:do you (?:have|know|use)"
        r"|are there|have you got)",
    ),
    (
        "wellbeing",
        r"how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what(?:'s| is) up"
        r"|are you (?:ok|okay|well|there)",
    ),
    (
        "praise",
        r"(?:ok(?:ay)?|great|good|nice|cool|perfect|wonderful|excellent|awesome|fine"
        r"|interesting|i see|got it|understood|well done|right|wow|very good|good job"
        r"|that(?:'s| is) (?:all|great|good|nice|helpful|interesting|fine|it)"
        r"|that helps|good to know|sorry|never ?mind|yes|no|lol|haha+)",
    ),
)
_COMPILED = tuple((talk, re.compile(pattern)) for talk, pattern in _PATTERNS)
_SHOWN = 5


def smalltalk(text: str) -> Talk | None:
    """Tell what kind of small talk a text is; None when it asks anything else, even in part."""
    parts = [p for p in re.split(r"[.!?,;:…\n]+", _plain(text)) if p.strip()]
    kinds = [_kind(part.strip()) for part in parts]
    if any(kind is None and re.match(rf"(?:and |but |so )?{_ASKS}", part.strip())
           for part, kind in zip(parts, kinds, strict=True)):
        return None
    if not kinds or None in kinds:
        return _kind(re.sub(r"[^\w' ]+", " ", _plain(text)).strip())
    order: list[Talk | None] = [talk for talk, _ in _PATTERNS]
    # "Hello, who are you?" is answered by who it is: the later kinds ask for more.
    asking = [k for k in kinds if k in ("self", "help", "wellbeing")]
    return asking[-1] if asking else min(kinds, key=lambda kind: order.index(kind))


def reply(question: str, titles: Sequence[str]) -> str:
    """Return the reply to small talk: what the assistant does, and which articles it has.

    Args:
        question: What was said.
        titles: Titles of the articles, in the order in which people see them.
    """
    what = (
        f"I answer questions from {_articles(len(titles))}, only with what they say, and show the "
        "sentence that says it."
    )
    listed = f"{what} {_list(titles)}" if titles else what
    replies: dict[Talk, str] = {
        "greeting": f"Hello. {listed}",
        "thanks": "You are welcome. Ask anything else about the articles.",
        "farewell": "Goodbye.",
        "self": f"I am a program that looks things up, not a person. {listed}",
        "help": f"{listed} Ask for a fact in them, such as who, when, where, how many or why; ask "
        "further about an answer; or ask for a summary.",
        "wellbeing": f"I am a program, so there is nothing to tell. {what}",
        "praise": "Ask anything else about the articles.",
    }
    return replies[smalltalk(question) or "help"]


def reply_foreign(language: str, languages: Sequence[str]) -> str:
    """Return the reply to a question in another language than the articles.

    Args:
        language: The question's language, by its English name.
        languages: The articles' languages, by their English names.
    """
    theirs = " and ".join(dict.fromkeys(languages))
    return (
        f"The question seems to be in {language}, and the articles are in {theirs}. "
        f"Please ask in {theirs}."
    )


def _kind(part: str) -> Talk | None:
    return next((talk for talk, pattern in _COMPILED if pattern.fullmatch(part)), None)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _articles(count: int) -> str:
    return "one article" if count == 1 else f"{count} articles" if count else "your articles"


def _list(titles: Sequence[str]) -> str:
    shown = ", ".join(f"“{title}”" for title in titles[:_SHOWN])
    rest = len(titles) - _SHOWN
    are = "It is" if len(titles) == 1 else "They are"
    return f"{are}: {shown}{f' and {rest} more' if rest > 0 else ''}."
