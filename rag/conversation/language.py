"""Which language a text is in, told from its script and its function words.

A question has six words on average: too few for statistics of letters, which take names for the
language they come from (measured: py3langid 0.3 calls 36 of 2,704 English questions foreign, this
module 2). Function words are sure: a question is foreign when at least two of its words are
function words of another language only and at most half as many of the articles', or one and none.
Languages with a script of their own are told by the script.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from rag.language.words import FUNCTION_WORDS, words

_PROFILES = {
    "Dutch": (
        "de het een en van is zijn was werd wie wat waar wanneer waarom hoe hoeveel welke niet "
        "met voor op aan dat die deze dit ook naar door over om er heeft hebben wordt worden "
        "kan"
    ),
    "French": (
        "le la les un une des du de et est sont était ont été qui que quoi quel quelle quels "
        "quelles a où quand pourquoi comment combien dans sur avec pour par pas ne ce cette ces "
        "il elle ils elles au aux se sa son ses leur leurs plus qu est-ce"
    ),
    "German": (
        "der die das den dem des ein eine einen einem einer und ist sind war waren wurde wurden "
        "wer was wo wann warum wie wieviel viele welche welcher welches nicht mit von zu zum "
        "zur im auf für bei nach aus über hat haben sich es er sie auch kann wen wem"
    ),
    "Indonesian": (
        "yang dan di dari untuk dengan ini itu adalah apa siapa kapan mengapa bagaimana berapa "
        "ke pada tidak telah sudah akan oleh dalam para mana"
    ),
    "Italian": (
        "il a lo la gli le un una uno di del della dei delle dello degli e è sono era erano chi "
        "che cosa quale quali dove quando perché come quanto quanti quante quanta non con per "
        "nel nella sul sulla da dal dalla si ha hanno stato stata questo questa ci"
    ),
    "Polish": (
        "i a w na z do nie to jest są był była było były kto co gdzie kiedy dlaczego jak ile "
        "który która które się przez dla od po czy jaki jaka jakie za o ze"
    ),
    "Portuguese": (
        "o a os as um uma de do da dos das em no na nos nas e é são foi foram era eram quem que "
        "qual quais onde quando porque como quanto quantos quantas não com por para se ao pelo "
        "pela seu sua está mais"
    ),
    "Romanian": (
        "și de la în cu pe un o este sunt a fost au cine ce care unde când cum cât câți câte nu "
        "din pentru prin mai lui sa"
    ),
    "Spanish": (
        "el a la los las un una unos de del y es son fue fueron era eran quién quien quiénes "
        "qué que cuál cual cuáles dónde donde cuándo cuando cómo como cuánto cuántos cuantos "
        "cuántas por para con no en al se su sus lo le está más pero"
    ),
    "Swahili": (
        "ya wa na ni kwa za la katika nani nini wapi lini gani vipi ngapi wangapi hii hiyo yake "
        "kama au"
    ),
    "Swedish": (
        "och att det som en ett är var vem vad när varför hur många vilken vilka inte med för "
        "på av till den de har hade från om i blev kan"
    ),
    "Turkish": (
        "ve bir bu ne kim nerede nasıl neden niçin kaç hangi ile için mi mı mu mü değil olan "
        "olarak da de daha çok var"
    ),
}
_WORDS = {"English": FUNCTION_WORDS} | {
    name: frozenset(profile.split()) for name, profile in _PROFILES.items()
}
_SCRIPTS = {
    "CYRILLIC": "Russian", "GREEK": "Greek", "ARABIC": "Arabic", "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi", "BENGALI": "Bengali", "TAMIL": "Tamil", "THAI": "Thai",
    "HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "CJK": "Chinese",
    "GEORGIAN": "Georgian", "ARMENIAN": "Armenian", "ETHIOPIC": "Amharic",
}
# Articles and particles, which names hold in English, too: "Los Angeles", "Charles de Gaulle".
_IN_NAMES = frozenset(
    ("a al da das de del den der des di do dos du el het il la las le les lo los o os van "
     "von").split()
)
_SAMPLE = 2_000
_SURE = 2
_WHOLE = 3


def language(text: str) -> str | None:
    """Name the language of a text in English; None when its words do not tell.

    A language that shares its script with others is named by the most common of them.
    """
    counts = _counts(text[:_SAMPLE])
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < _SURE:
        return None
    if len(ranked) > 1 and 2 * ranked[1][1] > ranked[0][1] and ranked[0][1] - ranked[1][1] < _SURE:
        return None
    return ranked[0][0]


def foreign(question: str, languages: Iterable[str]) -> str | None:
    """Name the question's language when it is surely none of the given ones.

    Args:
        question: The question as asked.
        languages: The languages of the articles, by the names of :func:`language`.
    """
    known = frozenset(languages)
    spoken = question if question.isupper() else _without_names(question)
    counts = _counts(question, spoken)
    if not known or not counts:
        return None
    found, count = max(counts.items(), key=lambda pair: (pair[0] not in known, pair[1]))
    if found in known:
        return None
    if found in _SCRIPTS.values():
        return found if count > sum(counts[name] for name in known) else None
    # A word of both languages ("was", "a") speaks for neither.
    own = frozenset[str]().union(*(_WORDS.get(name, frozenset()) for name in known))
    parts = _parts(spoken)
    theirs = [part for part in parts if part in _WORDS[found] and part not in own]
    ours = sum(part in own and part not in _WORDS[found] for part in parts)
    if ours == 0:
        # One word is enough then, unless it may be of a name ("los angeles fires"), or the
        # question is so short that it may be all a name.
        sure = len(theirs) >= _SURE or not _IN_NAMES.issuperset(theirs)
        return found if sure and len(_parts(question)) >= _WHOLE else None
    return found if len(theirs) >= max(_SURE, 2 * ours) else None


def _without_names(question: str) -> str:
    """Return a question without its words with a capital, and the small words that join these.

    The first word has its capital from its place, unless another name follows it: "Kim Il Sung".
    """
    found = list(words(question))
    capital = [m[0][:1].isupper() for m in found]
    left: list[str] = []
    named = True  # whether the word before is of a name, or there is none
    for at, match in enumerate(found):
        # Whether the next word that is no particle has a capital.
        after = next((c for m, c in zip(found[at + 1 :], capital[at + 1 :], strict=True)
                      if m[0].casefold() not in _IN_NAMES), False)
        joins = match[0] in _IN_NAMES and named and after
        named = joins or (capital[at] and (at > 0 or after))
        if not named:
            left.append(match[0])
    return " ".join(left)


def _counts(text: str, spoken: str | None = None) -> Counter[str]:
    """Count the words, or the letters of a script, that speak for each language.

    Args:
        text: The text.
        spoken: The words of it that count; all by default.
    """
    counts: Counter[str] = Counter()
    letters = Counter(_script(c) for c in text if c.isalpha())
    total = sum(letters.values())
    for script, count in letters.items():
        if script in _SCRIPTS and 2 * count > total:
            counts[_SCRIPTS[script]] += count
    if letters["HIRAGANA"] + letters["KATAKANA"]:
        counts["Japanese"] += letters["CJK"] + letters["HIRAGANA"] + letters["KATAKANA"]
    for part in _parts(text if spoken is None else spoken):
        for name, known in _WORDS.items():
            counts[name] += part in known
    return +counts


def _parts(text: str) -> list[str]:
    """Return the words of a text in small letters, cut at apostrophes ("l'eau")."""
    return [
        part for match in words(text) for part in match[0].casefold().replace("’", "'").split("'")
    ]


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]
