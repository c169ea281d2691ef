"""Bring answers to one form before they are compared.

Two forms, for two uses. :func:`squad` is the normalisation of SQuAD's official script, so that EM
and F1 mean what they mean everywhere. :func:`normalise` goes further, to decide whether an answer
is right: numbers written as words, dates in any order, money, titles before names. Neither knows
what a text means: "a dozen" is 12, "several" stays what it is, and "last July" is no day.
"""

from __future__ import annotations

import re
import string
import unicodedata
from decimal import Decimal
from typing import Final

_ARTICLES: Final = frozenset({"a", "an", "the"})
_UNIT_WORDS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_UNITS: Final = {word: value for value, word in enumerate(_UNIT_WORDS)}
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}
_SCALES: Final = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "tn": 10**12, "dozen": 12,
}
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)
_MONTH_OF: Final = {
    **{m: m for m in _MONTHS}, **{m[:3]: m for m in _MONTHS}, "sept": "september",
}
_TITLES: Final = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|President|General|Gen|Colonel|Col|"
    "Major|Captain|Capt|Lieutenant|Lt|Sergeant|Sgt|Senator|Sen|Minister|Judge|Mayor|Councillor|"
    "Cllr|Reverend|Rev"
)
_TITLE = re.compile(rf"\b(?:{_TITLES})\b\.?\s+(?=[A-Z])")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:st|nd|rd|th)\b|\d+(?:\.\d+)?|[^\W\d_]+"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGNS: Final = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₦": "naira"}
_MONEY = re.compile(
    r"(?:us|au|ca|nz)?([$€£¥₦])\s*(\d[\d,]*(?:\.\d+)?)\s*(bn|tn|m|k|thousand|million|billion|"
    r"trillion)?\b", re.IGNORECASE,
)
_SHORT_SCALE: Final = {"m": "million", "k": "thousand"}
_PLURALS: Final = {
    "dollars": "dollar", "euros": "euro", "pounds": "pound", "nairas": "naira", "pct": "percent",
}


def squad(text: str) -> str:
    """Normalise as SQuAD's official evaluation script does: case, punctuation, articles, space."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", kept).split())


def normalise(text: str) -> str:
    """Bring numbers, dates, money, names and plain words to one form.

    Returns:
        Tokens joined by single blanks. Dates are in the order day, month, year.
    """
    flat = unicodedata.normalize("NFKD", text)
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    flat = flat.replace("\u2019", "'").replace("\u2018", "'")
    flat = re.sub(r"'s\b", "", flat, flags=re.IGNORECASE).replace("'", "")
    # Only words of letters and dots are abbreviations ("U.S."); "3.5" keeps its point.
    flat = re.sub(r"\b(?:[^\W\d_]\.){2,}", lambda m: m[0].replace(".", ""), flat)
    flat = _ISO_DAY.sub(_day_in_words, flat)
    flat = _TITLE.sub("", flat).lower()
    flat = _MONEY.sub(_money_in_words, flat)
    flat = flat.replace("%", " percent ").replace("per cent", "percent")
    tokens = [_PLURALS.get(token, token) for token in _TOKEN.findall(flat)]
    tokens = _dates(_numbers(tokens))
    return " ".join(token for token in tokens if token not in _ARTICLES)


def contains(haystack: str, needle: str) -> bool:
    """Whether the tokens of one normalised text stand in another, in a row."""
    return bool(needle) and f" {needle} " in f" {haystack} "


def _day_in_words(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    if not 1 <= int(month) <= 12:
        return match[0]
    return f"{int(day)} {_MONTHS[int(month) - 1].capitalize()} {year}"


def _money_in_words(match: re.Match[str]) -> str:
    sign, amount, scale = match.groups()
    scale = (scale or "").lower()
    return f" {amount} {_SHORT_SCALE.get(scale, scale)} {_SIGNS[sign]} "


def _numbers(tokens: list[str]) -> list[str]:
    """Replace each run of number words and digits by its value in digits."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        value, after = _number_at(tokens, at)
        if value is None:
            out.append(tokens[at])
            at += 1
        else:
            out.append(_plain(value))
            at = after
    return out


def _number_at(tokens: list[str], at: int) -> tuple[Decimal | None, int]:
    start = at
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if tokens[at] in ("a", "an") and following in _SCALES and following not in ("bn", "tn"):
        tokens = [*tokens[:at], "one", *tokens[at + 1:]]
    total, current, seen = Decimal(0), Decimal(0), False
    last = ""  # what came before: decides which token may follow
    while at < len(tokens):
        token = tokens[at]
        if token in _SCALES and seen:
            scale = _SCALES[token]
            if scale in (12, 100):
                current = (current or Decimal(1)) * scale
            else:
                total += (current or Decimal(1)) * scale
                current = Decimal(0)
            last = "scale"
        elif token in _UNITS and last in ("", "scale", "tens") and not (
            last == "tens" and not 1 <= _UNITS[token] <= 9
        ):
            current += _UNITS[token]
            last = "unit"
        elif token in _TENS and last in ("", "scale"):
            current += _TENS[token]
            last = "tens"
        elif last == "" and _NUMBER.fullmatch(token.replace(",", "")):
            current = Decimal(token.replace(",", ""))
            last = "digits"
        elif (
            token == "and" and last == "scale" and at + 1 < len(tokens)
            and (tokens[at + 1] in _UNITS or tokens[at + 1] in _TENS)
        ):
            at += 1
            continue
        else:
            break
        seen = True
        at += 1
    return (total + current, at) if seen else (None, start + 1)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dates(tokens: list[str]) -> list[str]:
    """Put days before months, and write months in full."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        day = _day(tokens[at])
        after = at + 1
        if day and after < len(tokens) and tokens[after] == "of":
            after += 1
        if day and after < len(tokens) and tokens[after] in _MONTH_OF:
            out += [day, _MONTH_OF[tokens[after]]]
            at = after + 1
            continue
        month = _MONTH_OF.get(tokens[at])
        after = at + 1
        if month and after < len(tokens) and tokens[after] == "the":
            after += 1
        if month and after < len(tokens) and _day(tokens[after]):
            out += [_day(tokens[after]), month]
            at = after + 1
            continue
        out.append(tokens[at] if month is None or len(tokens[at]) < 3 else month)
        at += 1
    return out


def _day(token: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token)
    return str(int(match[1])) if match and 1 <= int(match[1]) <= 31 else ""
