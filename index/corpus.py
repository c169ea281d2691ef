"""Articles to measure with: the seeds' sentences in other orders, each with a fact of its own.

They are as long as news articles are and cost what those cost; they are not for judging answers.
"""

from __future__ import annotations

import random
from pathlib import Path

from rag.articles.loading import Found, read, walk
from rag.language import sentences
from rag.settings import Settings
from rag.types import Article

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_PLACES = "Aldport Brenwick Calder Dunmere Eastvale Fenholm Garrow Hexley Ilmar Jorvale".split()
_THINGS = "visitors houses ships teachers trees letters horses bridges lamps farmers".split()


def seed_sentences() -> list[str]:
    """Return the sentences of the seed articles."""
    found = []
    for one in walk(SEEDS, Settings()):
        article = read(one, Settings()) if isinstance(one, Found) else None
        if isinstance(article, Article):
            spans = sentences.split(article.text)
            found += [" ".join(article.text[start:end].split()) for start, end in spans]
    return [sentence for sentence in found if len(sentence.split()) >= 8]


def fact(number: int) -> tuple[str, str]:
    """Return a question about article ``number`` and the sentence that answers it."""
    place, thing = _PLACES[number % 10], _THINGS[number // 10 % 10]
    name = f"{place} {number}"
    return (
        f"How many {thing} did the survey of {name} count?",
        f"The survey of {name} counted {number * 7 + 13} {thing} in that year.",
    )


def write_articles(folder: Path, count: int) -> None:
    """Write ``count`` text files of about 400 words, the same ones every time."""
    folder.mkdir(parents=True, exist_ok=True)
    known = seed_sentences()
    for number in range(count):
        picks = random.Random(number)
        paragraphs = [
            " ".join(picks.sample(known, picks.randint(2, 4))) for _ in range(picks.randint(4, 6))
        ]
        paragraphs.insert(picks.randrange(len(paragraphs)), fact(number)[1])
        text = "\n\n".join([f"Report {number} from {_PLACES[number % 10]}", *paragraphs])
        (folder / f"{number:06}.txt").write_text(text + "\n", encoding="utf-8")
