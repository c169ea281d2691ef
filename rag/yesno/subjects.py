"""The subject of a yes/no question: whether a sentence says it of the same one."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answers.abbreviations import expansion
from rag.evidence.groups import same
from rag.evidence.weighing import Quote
from rag.language.demonyms import country
from rag.language.opposites import alike
from rag.language.terms import inside, terms
from rag.language.verbs import VERBS, is_past
from rag.questions.intent import AUXILIARY, Asked
from rag.reader import Reader
from rag.types import Hit
from rag.yesno.surroundings import HAVING, OWNED

# Margin below which the reader sees no subject at all.
_BLIND = -6.0
# Questions whose subject does it: not "Was A defeated?".
_ACTIVE = re.compile(r"(?:do|does|did|will|has|have|had)\b(?!.*\bbeen\b)", re.I)
_PRONOUN = re.compile(r"(?:She|He|They)\s")
_BEGINS = 5  # characters of a sentence in which such a pronoun stands
# Longest subject, in words; longer spans are none.
_SUBJECT_WORDS = 8


def subject_fits(asked: Asked, quote: Quote, hit: Hit, reader: Reader) -> bool:
    """Tell whether the question's subject is the sentence's, too.

    Where the order of the words tells nothing, the reader is asked for the subject.
    """
    split = subject(asked.text)
    if split is None:
        return True
    name, question = split
    passage = hit.passage
    ordered = _order(
        asked, name,
        passage.text[quote.start - passage.start : quote.end - passage.start],
    )
    if ordered is not None:
        return ordered
    at = quote.start - passage.start
    if OWNED.match(passage.text, at) and re.match(r"Who (?:have|has|had)\b", question):
        return True  # "Their child", where it is asked whether somebody had one
    candidates = reader.read(question, [hit], spans=3)
    quoted = [c for c in candidates if quote.start <= c.start < quote.end]
    if not quoted or quoted[0].margin < _BLIND:
        return True  # the reader sees no subject here: it has nothing against it
    if _PRONOUN.match(passage.text, at) and quoted[0].start >= quote.start + _BEGINS:
        return True  # "She refused an offer of the king's": the king is not who did it
    words = inside(quoted[0].text)  # a name also where it begins the sentence
    if len(words) > _SUBJECT_WORDS or all(t.kind != "name" for t in words):
        return True  # a whole sentence, or "the country", whose name stands elsewhere
    told = {t.key for t in words}
    behind = passage.text[quoted[0].end - passage.start :]
    if re.match(rf",\s+(?:the\s+)?{re.escape(name)}\b", behind):
        return True  # "the data protection authority, the CNPD, has opened"
    if told & {t.key for t in terms(name)} or same(asked, quoted[0].text, name):
        return True
    long = expansion(passage.text, name) if name.isupper() else None
    return long is not None and long[0] < quoted[0].end - passage.start and (
        quoted[0].start - passage.start < long[1])


def of_what_is_theirs(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence is about something of somebody, "His team", that is not asked about.

    Not where it is asked what somebody has: "Their child died" tells that they had one.
    """
    owned = OWNED.match(sentence)
    if owned is None or HAVING.match(asked.text):
        return False
    noun = next(iter(terms(sentence[owned.end() :])), None)
    return noun is not None and noun.key not in {t.key for t in asked.terms}


def _order(asked: Asked, name: str, sentence: str) -> bool | None:
    """Tell by the order of words whether a name does to another what the question says.

    Returns:
        True for "A ousted B" and "B was ousted by A", False for "B ousted A" where A is the
        question's subject, None where the words do not stand so.
    """
    does = {t.key for t in terms(name) if t.kind != "empty"}
    others = {t.key for t in asked.names} - does
    verbs = frozenset(t.key for t in asked.words)
    like = {other for key in verbs for other in alike(key)}
    words = terms(sentence)
    if others or not _ACTIVE.match(asked.text):
        verbs |= like
    else:  # "Did A win?" is no by "B defeated A", where only the verb is another
        verbs = alike(asked.words[0].key) - verbs if asked.words else frozenset()
        others = {t.key for t in words if t.kind == "name"} - does
    verdicts = set()
    for at, word in enumerate(words):
        if word.key not in verbs:
            continue
        before = {t.key for t in words[:at]}
        after = [t.key for t in words[at + 1 :]]
        first = next((i for i, key in enumerate(after) if key in does | others), None)
        if first is None or not (does | others) & before:
            continue
        passive = "by" in after[:first]
        if after[first] in others and does & before:
            verdicts.add(not passive)
        elif after[first] in does and others & before:
            verdicts.add(passive)
    if not verdicts:
        return None
    return True in verdicts


def subject(question: str) -> tuple[str, str] | None:
    """Return the subject of a yes/no question and the question for it.

    Only where the subject is a name, or all between the auxiliary and a second determiner.

    Example:
        >>> subject("Did Russia send trainers to Niger?")
        ('Russia', 'Who send trainers to Niger?')
    """
    match = re.match(
        rf"(?P<aux>{'|'.join(AUXILIARY)})(?:n['’]t)?\s+"
        r"(?P<name>(?:the\s+)?[A-Z][\w.’'-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.’'-]*)*)\s+(?P<rest>.+)",
        question, re.I,
    )  # fmt: skip
    if match is None or not match["name"].removeprefix("the ")[:1].isupper():
        return None
    first = match["aux"].lower()
    name = _cased(match["name"])
    if not name or country(name.split()[-1].lower()) not in (None, name.split()[-1].lower()):
        return None  # "French forces": an adjective is no subject
    rest = (match["name"][len(name) :] + " " + match["rest"]).strip()
    if re.search(r"['’]s?\Z", name) or re.match(r"(?!always)[a-z]+[^\Ws]s\b", rest):
        return None  # "Ann's husband", "Sunday trains": the name is not the whole subject
    helper = "" if first in ("do", "does", "did") else f" {first}"
    return name, f"Who{helper} {_in_the_past(rest) if first == 'did' else rest}"


def _in_the_past(predicate: str) -> str:
    """Return a predicate with its verb in the past, where that is regular: "conceded defeat"."""
    verb = re.match(r"[a-z]+", predicate)
    if verb is None or verb.group() in ("have", "be") or (
            terms(verb.group())[0].key in _irregular()):
        return predicate
    word = verb.group()
    past = re.sub(r"(?<=[^aeiou])y\Z", "i", word)
    past = re.sub(r"(\A[^aeiou]+[aeiou][bdgklmnprt]|mit|cur|pel|trol)\Z",
                  lambda m: m[1] + m[1][-1], past).removesuffix("e") + "ed"
    return past + predicate[len(word) :]


@lru_cache(maxsize=1)
def _irregular() -> frozenset[str]:
    """Return the keys of verbs whose past is not made with -ed."""
    return frozenset(terms(w)[0].key for w in VERBS if is_past(w) and not w.endswith("ed"))


def _cased(words: str) -> str:
    """Return the leading words that are a name: capitalised, or small words between capitals."""
    taken = 0
    for match in re.finditer(r"\S+", words):
        if match.group()[0].isupper():
            taken = match.end()
        elif match.group() not in ("of", "the"):
            break
    return words[:taken]
