"""A question and what was said before, as one input of the encoder, with the place of every word.

The input is ``[CLS] question [SEP] context [SEP] turn [SEP] turn ... [SEP]``, newest turn first, so
that what is cut at the end of the window is the oldest. Each turn is its question, then its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tokenizers import Tokenizer

from rag.language.words import content_stems, is_content, stem, words

WINDOW = 192
QUESTION_PIECES = 48
TEXT_PIECES = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A word of the history: which text it stands in, its offsets there, its first piece."""

    text: int
    start: int
    end: int
    piece: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """One input: piece ids, segment ids (0 question, 1 history), and the words of the history."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    places: tuple[Place, ...]


FEATURES = 8


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the history: its words, what it is, and how many turns ago it was said."""

    text: str
    role: Literal["question", "answer", "title"]
    age: int


def stems(encoded: Encoded, texts: Sequence[Text]) -> tuple[str | None, ...]:
    """Return the stem of each word that has a place; None for words that carry no topic."""
    found = (texts[p.text].text[p.start : p.end] for p in encoded.places)
    return tuple(stem(word) if is_content(word) else None for word in found)


def features(encoded: Encoded, texts: Sequence[Text]) -> list[tuple[float, ...]]:
    """Return what the encoder cannot see of each word: case, role, age, and how often it was said.

    The encoder's vocabulary has no capitals, and a word that several texts share is often the
    topic.
    """
    holds = [content_stems(t.text) for t in texts]
    rows: list[tuple[float, ...]] = []
    for place, root in zip(encoded.places, stems(encoded, texts), strict=True):
        said = texts[place.text]
        word = said.text[place.start : place.end]
        shared = sum(root in h for h in holds)
        rows.append((
            float(word[:1].isupper() and place.start > 0),
            float(word[:1].isupper()),
            float(word[:1].isdigit()),
            float(said.role == "question"),
            float(said.role == "title"),
            min(said.age, 4) / 4,
            min(shared, 4) / 4,
            shared / len(holds),
        ))
    return rows


def encode(
    tokenizer: Tokenizer, question: str, texts: Sequence[Text], window: int = WINDOW
) -> Encoded:
    """Encode a question with the texts of its history, the most telling text first.

    Args:
        tokenizer: The encoder's tokenizer, with neither truncation nor padding set.
        question: The question as asked.
        texts: What was said before, in the order in which it should survive truncation.
        window: Largest number of pieces; it bounds the cost whatever the history's length.
    """
    cls, sep = (int(tokenizer.token_to_id(t) or 0) for t in ("[CLS]", "[SEP]"))
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_PIECES]
    ids: list[int] = [cls, *asked, sep]
    types = [0] * len(ids)
    places: list[Place] = []
    for number, said in enumerate(texts):
        text = said.text
        room = min(TEXT_PIECES, window - len(ids) - 1)
        if room < 1:
            break
        # Clipping by characters first keeps the cost bounded when an old answer is a whole page.
        piece = tokenizer.encode(text[: 16 * TEXT_PIECES], add_special_tokens=False)
        offsets = piece.offsets[:room]
        first = {begin: at for at, (begin, _) in reversed(list(enumerate(offsets)))}
        for match in words(text[: 16 * TEXT_PIECES]):
            at = first.get(match.start())
            if at is not None and offsets[-1][1] >= match.end():
                places.append(Place(number, match.start(), match.end(), len(ids) + at))
        ids += [*piece.ids[:room], sep]
        types += [1] * (min(len(piece.ids), room) + 1)
    return Encoded(tuple(ids), tuple(types), tuple(places))
