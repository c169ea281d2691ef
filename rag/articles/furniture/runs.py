"""Furniture that only its neighbours and its place give away: bars, menus, lists of stories.

Every function marks lines in place. All are linear in the number of lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from rag.articles.furniture import signs
from rag.articles.furniture.lines import Line

_ITEM = re.compile(r"\s*(?:[-*•·▪◦‣–—|]|\(?\d{1,3}[.):]|[a-zA-Z][.)])\s")
_LABEL = re.compile(r"[^:]{2,40}:\s\S|[^\t|]+(?:\t|\s\|\s|\s{3,})\S")
_INTRODUCES = re.compile(
    r"\b(?:following|follows|below|listed|here (?:are|is)|these (?:are|were|include)"
    r"|(?:full|complete) list|names? of|as follows)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:additional |with )?(?:reporting|inputs?|contributions?|files) (?:by|from)\b|by [a-z]"
    r"|edit(?:ed|ing) by|written by|corrections?\b|clarifications?\b|editor's note|update[d:]"
    r"|sources?:|photos?:|\(.*\)$|this (?:article|story) (?:was|is|has|had)\b"
)
_HEADLINE = 5  # words; fewer are no headline but a heading, a name, an entry
_FAR = 60  # lines; lists of other stories are not longer


def mark_bars_and_menus(lines: list[Line]) -> None:
    """Mark groups of share words, and menus of four entries or more."""
    for group in _groups(lines, lambda line: _only_share_words(line.folded)):
        words = [word for line in group for word in _words(line.folded)]
        if signs.SHARE_ACTS.intersection(words) and (len(words) > 1 or len(group) == 1):
            _mark(group)
    for group in _groups(lines, lambda line: _menu_entries(line) > 0):
        if sum(map(_menu_entries, group)) >= 4:
            _mark(group)


def mark_sections(lines: list[Line]) -> None:
    """Mark headings over other stories, with the stories under them."""
    first_prose = next((at for at, line in enumerate(lines) if line.prose), len(lines))
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.prose or not line.folded or not signs.SECTION.fills(line.folded):
            continue
        if line.words == 1 and line.text[0].islower():
            continue  # a word in a list of words
        end = _end_of_stories(lines, at)
        if end == at and at < len(lines) and not lines[at].marked:
            continue  # prose follows: a heading of the article's own
        if at <= first_prose < len(lines):
            own = [n for n in range(at, end) if not lines[n].marked and not lines[n].teaser]
            if at == 1 and len(own) < 2:
                continue  # it may be the title itself
            end = own[-1] if own else end  # the last headline above the article is its title
        line.marked = True
        _mark(lines[at:end])
        at = end


def mark_comments(lines: list[Line]) -> None:
    """Mark the readers' comments, once at least half of the article is above them."""
    total = sum(len(line.text) for line in lines if line.prose)
    above = 0
    for at, line in enumerate(lines):
        if line.folded and not line.prose and signs.COMMENTS.fills(line.folded):
            if above and 2 * above >= total:
                _mark(lines[at:])
                return
            line.marked = line.words > 1 or line.marked
        above += len(line.text) if line.prose else 0


def mark_headlines_at_the_end(lines: list[Line]) -> None:
    """Mark a run of headlines after the last paragraph, unless it is the article's own list."""
    prose = [at for at, line in enumerate(lines) if line.prose and not line.marked]
    if len(prose) < 2:
        return  # an article that is written without stops
    run = [line for line in lines[prose[-1] + 1 :] if not line.marked]
    items = [line for line in run if not line.teaser and not _CREDIT.match(line.folded)]
    letters = sum(len(lines[at].text) for at in prose)
    if sum(len(line.text) for line in items) > letters or _is_own_list(lines[prose[-1]], items):
        return
    _mark(line for line in run if not _CREDIT.match(line.folded))


def _is_own_list(before: Line, items: list[Line]) -> bool:
    """Whether the lines after the last paragraph belong to the article."""
    texts = [item.text for item in items]
    if any(text.endswith(":") for text in texts) or _INTRODUCES.search(before.text[-200:]):
        return True
    from_sites = sum(bool(signs.SITE_SUFFIX.match(t)) and t[0] not in "\"'“‘" for t in texts)
    if from_sites >= 2 and 2 * from_sites >= len(texts):
        return False
    headlines = sum(item.words >= _HEADLINE for item in items)
    if len(items) < 3 or headlines < 0.75 * len(items) or items[0].words < _HEADLINE:
        return True
    if sum(item.words for item in items) < 6 * len(items):
        return True
    return _share(texts, _is_entry) >= 0.5 or _share(texts, _has_digit) >= 0.7 or _parallel(texts)


def _share(texts: list[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, texts)) / len(texts)


def _is_entry(text: str) -> bool:
    return bool(_ITEM.match(text) or _LABEL.match(text) or text[0] in '"“‘')


def _has_digit(text: str) -> bool:
    return any(ch.isdigit() for ch in text)


def _parallel(texts: list[str]) -> bool:
    """Whether nearly all lines share a small word or a mark: entries, not headlines."""
    tokens = Counter(t for text in texts for t in set(re.findall(r"\b[a-z]+\b|[,(–—]", text)))
    return max(tokens.values(), default=0) >= 0.8 * len(texts)


def _end_of_stories(lines: list[Line], first: int) -> int:
    """One past the last story of the list that begins at ``first``."""
    end = first
    while end < len(lines) and end - first < _FAR:
        line = lines[end]
        if not (line.marked or line.headline or line.teaser):
            if _alternate(lines, first, end):
                return len(lines)
            break
        end += 1
    if first < end < len(lines):
        last = lines[end - 1]
        if not last.marked and last.words < _HEADLINE and not last.teaser:
            end -= 1  # the heading of the paragraph where the article goes on
    return end


def _alternate(lines: list[Line], first: int, at: int) -> bool:
    """Whether headlines and short blurbs alternate from the blurb ``at`` to the end."""
    if at == first or len(lines) - at > _FAR or lines[at - 1].words < _HEADLINE:
        return False
    rest = lines[at:]
    headlines = sum(line.headline and line.words >= _HEADLINE for line in rest)
    return (
        headlines >= 2
        and all(line.words <= 45 for line in rest)
        and not any(a.prose and b.prose and not b.marked for a, b in pairwise(rest))
    )


def _groups(lines: list[Line], holds: Callable[[Line], bool]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if holds(line):
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _words(folded: str) -> list[str]:
    return [word for word in re.split(r"[\s,|·•/]+", folded) if word]


def _only_share_words(folded: str) -> bool:
    return bool(folded) and all(word in signs.SHARE for word in _words(folded))


def _menu_entries(line: Line) -> int:
    """How many entries of a menu the line consists of, 0 if of anything else."""
    if not line.folded or line.prose:
        return 0
    parts = [part.strip() for part in re.split(r"[|·•»›>/]", line.folded) if part.strip()]
    if len(parts) == 1 and not signs.MENU.fills(line.folded):
        parts = line.folded.split()
        if len(parts) < 4:
            return 0
    return len(parts) if all(signs.MENU.fills(part) for part in parts) else 0


def _mark(lines: Iterable[Line]) -> None:
    for line in lines:
        line.marked = True
