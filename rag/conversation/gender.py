"""Whether somebody is "he" or "she": by what the quotes call them, and by how a name ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversation.mentions import Mention
from rag.conversation.nouns import TITLES
from rag.conversation.said import Role, Said
from rag.conversation.words import words

GENDER = {
    **dict.fromkeys("he him his himself".split(), "he"),
    **dict.fromkeys("she her hers herself".split(), "she"),
}
_OWNS = re.compile(r"\s+[a-z]{3,}")
_ENDING = 2.0


def sounds(pronoun: str, mention: Mention) -> float:
    """Weigh a given name's ending: most English names in -a are women's, few are men's."""
    called = GENDER.get(pronoun.casefold())
    parts = [p for p in mention.text.split() if p.casefold().rstrip(".") not in TITLES]
    if called is None or mention.kind != "person" or len(parts) < 2 or parts[0][-1:] != "a":
        return 0.0
    return _ENDING if called == "she" else -_ENDING


def told(name: str, texts: Sequence[Said], roles: Sequence[Role] = ("quote",)) -> str | None:
    """Return what quotes, or other texts, call somebody: "she", of "Ann Bell left her house".

    The first such word behind the name, in its sentence and before any other person's name.
    """
    for said in texts:
        at = said.text.find(name) if said.role in roles and name[:1].isupper() else -1
        if at < 0:
            continue
        at += len(name)
        others = [m.start for m in said.found if m.kind == "person" and m.is_name and m.start >= at]
        text = said.text[at : min(others, default=len(said.text))]
        for word in words(text):
            called = GENDER.get(word[0].casefold())
            # "Colm Reidy praised her": whom he praised is somebody else.
            whom = word[0].casefold() in ("him", "her") and not (
                word[0].casefold() == "her" and _OWNS.match(text, word.end()))
            if called is not None and not whom:
                return called
    return None
