"""What a word that points back may stand for, by the kind of the mention alone."""

from __future__ import annotations

from rag.conversation.mentions import Kind, Mention
from rag.conversation.nations import is_nationality
from rag.conversation.shapes import Anaphor
from rag.language.nouns import SITES, STAFFED, TITLES

# The likeliest kind first.
FITS: dict[str, tuple[Kind, ...]] = {
    "he": ("person", "name"),
    "person": ("person", "name"),
    "it": ("thing", "group", "name", "place", "person"),
    "they": ("group", "thing", "person", "name", "place"),
    "there": ("place", "name"),
    "place": ("place", "name"),
    "group": ("group", "name"),
    "then": ("time",),
}


def fits(anaphor: Anaphor, mention: Mention, led: bool = False) -> bool:
    """Tell whether a word may stand for a mention.

    Args:
        anaphor: The word that points back.
        mention: What it may mean.
        led: Whether the mention has "the" before it.
    """
    slot = anaphor.slot
    head = mention.text.split(" of ")[0].split()[-1].casefold()
    if slot == "there" and mention.kind in ("thing", "group") and head in SITES:
        return True
    if mention.kind not in FITS.get(slot, ("thing", "group", "name", "place")):
        return False
    if mention.kind == "name" and is_nationality(mention.text.split()[-1]):
        return slot == "they" and mention.text.endswith("s")
    if slot in ("he", "person") and mention.kind == "name" and led:
        return False  # "the Bleu" is nobody
    if slot in ("he", "person"):
        return mention.is_name or (mention.kind == "person" and not mention.plural)
    subject = anaphor.text.casefold() != "them"
    if slot == "they" and subject and mention.kind == "thing" and not mention.is_name:
        return mention.plural or head in STAFFED  # one eel is no "they"
    if slot == "it":
        first = mention.text.split()[0].casefold().rstrip(".")
        guessed = mention.kind != "person" or (mention.is_name and first not in TITLES)
        return guessed and not mention.plural
    return True
