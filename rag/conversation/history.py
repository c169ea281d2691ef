"""What the newest turns mentioned, and which of it a word that points back means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.conversation.casing import recased
from rag.conversation.encoding import Text
from rag.conversation.fitting import fits
from rag.conversation.gender import GENDER, Read, called_otherwise, told
from rag.conversation.mentions import Mention
from rag.conversation.nations import is_nationality
from rag.conversation.said import Remembered, Said, heads, put_in, quoted, read, told_of, worded
from rag.conversation.shapes import Anaphor
from rag.conversation.weighing import surely_person, weight
from rag.language.nouns import OFFICES, PERSON_NOUNS
from rag.language.verbs import BARE
from rag.language.words import ORDINALS, content_stems, stem, words
from rag.types import Turn

TURNS = 4
Score = Callable[[str, Sequence[Text]], Mapping[str, float]]
# Nouns by which people call a place that they have named before.
_WHERE = frozenset("country nation city town village place island".split())
# Nouns of groups that people speak of without having named them: "the junta" of the news. They
# mean a name before only where the name holds the noun.
_KNOWN = frozenset(
    "army board commission committee community council court crew family government junta ministry "
    "parliament regime union".split()
)

# What it adds that "it" of the question before stood for the same.
_STILL = 2.0
_OFFICES = OFFICES | {"governor"}
_AT = re.compile(r"\bat\s+(?:the\s+)?$", re.I)
# A coup is done and a landing is reported, but no place, group or name.
_DONE = re.compile(
    r"(?:\bwho\s+(?:did|does)|\b(?:do|done|doing)|\b(?:report|announc|confirm|predict|claim)\w*)"
    r"\s+$", re.I)


@dataclass(frozen=True, slots=True)
class History:
    """The newest turns, newest first, with what they mention.

    Attributes:
        turns: The turns.
        said: Their texts.
        heat: The term model's probability of each stem.
        question: The question that follows them.
        read: Returns the text of an article by its name, or raises KeyError.
    """

    turns: tuple[Turn, ...]
    said: tuple[Said, ...]
    heat: Mapping[str, float] = field(default_factory=dict)
    question: str = ""
    read: Read | None = None

    @classmethod
    def of(
        cls,
        turns: Sequence[Turn],
        question: str = "",
        score: Score | None = None,
        read_article: Read | None = None,
    ) -> History:
        """Read the newest turns; older ones cost nothing.

        Args:
            turns: The turns so far, oldest first.
            question: The question that follows them.
            score: The term model's :meth:`~rag.conversation.terms.TermModel.score`; without it
                only the rules choose.
            read_article: Reads an article that was cited, to see what it calls somebody.
        """
        newest = recased(tuple(reversed(turns[-TURNS:])), read_article)
        said = tuple(one for age, turn in enumerate(newest) for one in read(turn, age))
        heat: Mapping[str, float] = {}
        if score is not None and said:
            heat = score(question, [one.encoded for one in said])
        return cls(newest, said, heat, question, read_article)

    def warmth(self, text: str) -> float:
        """Return the mean probability of the words of a phrase that they belong in the question."""
        roots = content_stems(text)
        return sum(self.heat.get(root, 0.0) for root in roots) / len(roots) if roots else 0.0

    def missing(self, resolved: str, threshold: float) -> tuple[Remembered, ...]:
        """Return the phrases that belong in a question and are not in it, the surest first.

        Args:
            resolved: The question so far.
            threshold: Mean probability from which a phrase belongs.
        """
        held = content_stems(resolved)
        found: list[Remembered] = []
        sure = [r for r in self.everything() if self.warmth(r.mention.text) >= threshold]
        for one in sorted(sure, key=lambda r: (-self.warmth(r.mention.text), r.said.age)):
            roots = content_stems(one.mention.text)
            if not roots & held:
                found.append(one)
                held |= roots
        return tuple(found)

    def everything(self) -> tuple[Remembered, ...]:
        """Return every mention, newest turn first."""
        return tuple(
            Remembered(mention, worded(said.text, mention), said)
            for said in self.said
            for mention in said.found
        )

    def meant(
        self, anaphor: Anaphor, taken: Sequence[Remembered], question: str
    ) -> Remembered | None:
        """Return the mention that a word of the question means, or None."""
        if anaphor.slot == "that" and not anaphor.noun:
            return quoted(self.said)
        asked = content_stems(question)
        used = {t.mention.text.casefold() for t in taken}
        candidates = [
            r
            for r in map(told_of, self.everything())
            if r.mention.text.casefold() not in used
            and not content_stems(r.mention.text) <= asked - content_stems(anaphor.noun)
        ]
        if anaphor.slot == "one":
            return self._one(anaphor)
        if anaphor.noun:
            return self._definite(anaphor, candidates)
        done = anaphor.slot == "it" and _DONE.search(question[: anaphor.start]) is not None
        fitting = [
            r
            for r in candidates
            if fits(anaphor, r.mention, r.phrase[:4] == "the ") and self._may_be(anaphor, r)
            and not (done and (r.mention.kind != "thing" or r.mention.is_name))
        ]
        ranked = sorted(fitting, key=lambda r: self._weight(anaphor, r), reverse=True)
        best = next((r for r in ranked if not self._called_otherwise(anaphor, r)), None)
        return self._fuller(best) if best else None

    def _called_otherwise(self, anaphor: Anaphor, one: Remembered) -> bool:
        """Whether an article that a turn cited calls this person "he" who is "she" now."""
        if self.read is None or not one.mention.is_name:
            return False
        cited = dict.fromkeys(c.article for turn in self.turns for c in turn.answer.citations)
        return called_otherwise(anaphor.text, one.mention.text, tuple(cited), self.read)

    def _fuller(self, one: Remembered) -> Remembered:
        """Return a phrase with the clause that it had: "the barge that burnt", of "the barge".

        Only right after nothing was found for it; later on the clause would be asked about, too.
        """
        clauses = (f"{one.mention.text} that ", f"{one.mention.text} who ")
        return next(
            (
                r
                for r in self.everything()
                if r.mention.text.startswith(clauses) and r.mention.text in one.said.text
                and r.said.age == 0 and r.said.role == "answer"
            ),
            one,
        )

    def _weight(self, anaphor: Anaphor, one: Remembered) -> float:
        heat = self.warmth(one.mention.text) if self.heat else 0.0
        weighed = weight(anaphor, one, self.turns[one.said.age].question, self.question, heat)
        return weighed + (_STILL if self._still(anaphor, one) else 0.0)

    def _still(self, anaphor: Anaphor, one: Remembered) -> bool:
        """Whether the newest question had "it" for this: "What is it about? Who chairs it?"."""
        turn = self.turns[0]
        own = content_stems(one.mention.text)
        return (anaphor.slot == "it" and one.said.age == 0 and one.said.role == "question"
                and any(m[0].casefold() in ("it", "its") for m in words(turn.asked))
                and bool(own) and own <= put_in(turn))

    def _may_be(self, anaphor: Anaphor, one: Remembered) -> bool:
        """Whether nobody called this person "he" before who is "she" now, or the other way."""
        called = GENDER.get(anaphor.text.casefold())
        at = _AT.search(one.said.text[: one.mention.start])
        if anaphor.slot == "they" and one.mention.kind == "place" and at:
            return False  # "the bridge at Arlen": whoever they are, it is not Arlen
        if called is None:
            return anaphor.slot != "it" or not (surely_person(one) or self._was_somebody(one))
        owner, _, own = one.mention.text.rpartition("’s ")
        mine = content_stems(own)  # "Ann Bell’s clerk" is the clerk
        if one.mention.kind == "person" and told(one.mention.text, self.said) not in (None, called):
            return False
        for turn in self.turns:
            before = {
                GENDER[m[0].casefold()] for m in words(turn.asked) if m[0].casefold() in GENDER
            }
            if owner and called in before and content_stems(owner) <= content_stems(turn.question):
                return False  # "her father", and then "her mother": still hers
            if (
                before
                and called not in before
                and mine & put_in(turn)
            ):
                return False
        return True

    def _was_somebody(self, one: Remembered) -> bool:
        """Whether a question called this name "he" or "she": it is no "it" then."""
        own = content_stems(one.mention.text)
        return one.mention.is_name and any(
            own & put_in(turn)
            and any(m[0].casefold() in GENDER for m in words(turn.asked))
            for turn in self.turns
        )

    def pair(self) -> Remembered | None:
        """Return the two persons of the newest question that names two, for "they" and "them"."""
        for said in self.said:
            two = [m for m in said.found if m.kind in ("person", "name") and not m.plural]
            if len(two) == 2 and two[1].start - two[0].end <= 1:
                continue  # "the clerk Ann Lee" is one
            if said.role == "question" and len(two) == 2:
                phrase = " and ".join(worded(said.text, m) for m in two)
                return Remembered(Mention(phrase, two[0].start, two[1].end, "person", True),
                                  phrase, said)
        return None

    def _definite(self, anaphor: Anaphor, candidates: Sequence[Remembered]) -> Remembered | None:
        root = stem(anaphor.noun)
        holding = [r for r in candidates if root in heads(r.mention)]
        fuller = [
            r for r in holding if len(content_stems(r.mention.text)) > 1 and r.said.role != "title"
        ]
        if fuller:
            return max(fuller, key=lambda r: self._weight(anaphor, r))
        if holding or any(root in content_stems(s.text) for s in self.said if s.age == 0):
            return None  # it was called so before: the word itself is the mention
        if anaphor.slot == "place" and anaphor.noun not in _WHERE:
            return None
        noun = anaphor.noun.casefold()
        if noun in _KNOWN or noun.removesuffix("s") in _KNOWN:
            return None
        if noun not in PERSON_NOUNS and noun.removesuffix("s") in PERSON_NOUNS:
            return None  # "the workers" are nobody's other name
        if anaphor.slot == "that" and anaphor.text[:4].casefold() == "the ":
            return None  # "the coup", "the plane": of the article's world, not a name's other word
        fitting = [
            r
            for r in candidates
            if r.mention.is_name
            and "’s " not in r.mention.text.replace("'", "’")
            and r.said.role in ("answer", "question")
            and (
                r.mention.kind == "person" and not _of_another_title(r.mention, noun)
                if anaphor.slot == "person"
                else fits(anaphor, r.mention) and not self._is_person(r)
            )
        ]
        return max(fitting, key=lambda r: self._weight(anaphor, r), default=None)

    def _is_person(self, one: Remembered) -> bool:
        """Whether a name that may be anything was called "he" or "she": it is no company."""
        name = one.mention.text
        if told(name, self.said, ("quote", "question")) is not None:
            return True
        longer = (r.mention for r in self.everything() if r.mention.kind == "person")
        return any(name in m.text.split() for m in longer if m.is_name)

    def _one(self, anaphor: Anaphor) -> Remembered | None:
        """Return the noun that "one" or "ones" stands for: the head of a phrase asked about."""
        single = anaphor.text.casefold() == "one"
        asked = [(s, m) for s in self.said if s.role == "question" for m in s.found]
        for said, mention in sorted(asked, key=lambda one: single and _odd(one[1])):
            last = list(words(mention.text))[-1]
            if (mention.kind in ("thing", "person", "group") and not last[0][:1].isupper()) or (
                is_nationality(mention.text.split()[0]) and len(mention.text.split()) > 1
            ):
                start = mention.start + last.start()
                head = Mention(last[0], start, start + len(last[0]), "thing", mention.plural)
                # "The second one" of two countries: no word is made up, nor is "country".
                of = single and mention.plural and anaphor.noun.casefold() in ORDINALS
                return Remembered(head, f"of the {head.text}" if of else head.text, said)
        return None


def _of_another_title(mention: Mention, noun: str) -> bool:
    """Whether a name has another title than is asked for: no governor is "President Ibarra"."""
    title = mention.text.split()[0].casefold().rstrip(".")
    return title in _OFFICES and noun in _OFFICES and title != noun


def _odd(mention: Mention) -> bool:
    """Whether a phrase gives "the other one" no noun: it is several, or ends in a verb."""
    return mention.plural or mention.text.split()[-1].casefold() in BARE
