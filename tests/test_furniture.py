"""Page furniture: marked on pages of many makes, and nothing of the article with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles.furniture import Outline, mark, outline, recurring_lines

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))
ODD_PAGES = sorted((Path(__file__).parent / "pages" / "odd").glob("*.txt"))
MISSED = 19
SEEDS = Path(__file__).parent.parent / "seeds"


def unbracketed(page: str) -> tuple[str, set[int]]:
    """A page without its ⟦ ⟧, and the offsets of the visible characters inside them."""
    text: list[str] = []
    inside: set[int] = set()
    open_ = False
    for ch in page:
        if ch in "⟦⟧":
            assert open_ == (ch == "⟧")
            open_ = ch == "⟦"
            continue
        if open_ and not ch.isspace():
            inside.add(len(text))
        text.append(ch)
    assert not open_
    return "".join(text), inside


def marked(text: str, recurring: frozenset[str] = frozenset()) -> list[str]:
    return [text[start:end] for start, end in mark(text, recurring)]


def test_there_are_pages_of_many_makes() -> None:
    assert len(PAGES) >= 15


def lines_of(text: str, offsets: set[int]) -> list[str]:
    kept = "".join(ch if at in offsets or ch == "\n" else " " for at, ch in enumerate(text))
    return [" ".join(line.split()) for line in kept.splitlines() if line.strip()]


def wrong_missed_all(path: Path) -> tuple[list[str], list[str], list[str]]:
    text, expected = unbracketed(path.read_text(encoding="utf-8"))
    found = {at for a, b in mark(text) for at in range(a, b) if not text[at].isspace()}
    return (
        lines_of(text, found - expected),
        lines_of(text, expected - found),
        lines_of(text, expected),
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    wrong, missed, _ = wrong_missed_all(path)
    assert wrong == [], "the article's own words are marked"
    assert missed == [], "furniture is not marked"


def test_odd_pages_lose_nothing_and_most_of_their_furniture_is_marked() -> None:
    """Pages with furniture that only their site has: what is missed is known and counted."""
    results = [wrong_missed_all(path) for path in ODD_PAGES]
    assert [wrong for wrong, _, _ in results] == [[]] * len(ODD_PAGES)
    missed = sum(len(lines) for _, lines, _ in results)
    every = sum(len(lines) for _, _, lines in results)
    assert every == 87
    assert missed <= MISSED


def test_seed_with_headlines_after_the_article() -> None:
    text = (SEEDS / "000_d2a85b7b0d5c59d4.txt").read_text(encoding="utf-8")
    start = text.index("You may also like")
    assert marked(text) == [
        "Stay tuned for more updates on this evolving partnership between Russia and Niger.",
        *[line for line in text[start:].splitlines() if line],
    ]


def test_seed_with_a_call_to_subscribe() -> None:
    text = (SEEDS / "003_c416b3a00ca3714a.txt").read_text(encoding="utf-8")
    assert marked(text) == [
        "Discover more from Pluboard",
        "Subscribe to get the latest posts sent to your email.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Don’t forget to subscribe to our channel!",
        "To get stories like this in your inbox, sign up for our daily newsletter.",
        "Follow us on WhatsApp for breaking news.",
        "Thank you for reading this article.",
        "Have you been affected by the issues raised in this story?",
        "By signing up, you agree to our terms.",
    ],
)
def test_a_call_inside_a_paragraph_is_cut_out_of_it(sentence: str) -> None:
    before, after = "The dam holds 40m cubic metres.", "It was built in 1962."
    assert marked(f"{before} {sentence} {after}") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Follow the money, the auditors were told.",
        "“Subscribe to our newsletter,” the shop told its customers.",
        "Readers subscribe to our newsletter because it is short, the editor said.",
        "Users can download our app from March, the bank said.",
        "The newsletter reached 2,000 people on Facebook.",
        "Stay indoors until the all-clear, police said.",
        "Share prices fell on the latest news from the mine.",
        "She left the newsletter to join a rival.",
        "Join the queue before noon or you will wait until dark.",
    ],
)
def test_a_sentence_about_such_things_is_kept(sentence: str) -> None:
    assert marked(f"The dam holds 40m cubic metres. {sentence} It was built in 1962.") == []


def story(number: int, feet: str) -> str:
    """An article of its own with the same last lines as its siblings."""
    body = "\n".join(
        f"In district {number} the council voted {number + k} to {k} on the plan for well {k}."
        for k in range(1, 6)
    )
    return f"District {number} votes\n{body}\n{feet}"


FEET = "An Example Group title\nOur standards: honesty and care."


def test_lines_that_recur_across_articles_are_furniture() -> None:
    texts = [story(number, FEET) for number in (10, 20, 30)]
    recurring = recurring_lines(map(outline, texts))
    assert recurring == {"an example group title", "our standards: honesty and care."}
    assert marked(texts[0]) == []
    assert marked(texts[0], recurring) == FEET.splitlines()


def test_two_articles_are_not_enough() -> None:
    assert recurring_lines(outline(story(number, FEET)) for number in (10, 20)) == frozenset()


def test_copies_of_one_story_make_nothing_recurrent() -> None:
    copies = [story(10, f"{FEET}\nSite {site}") for site in range(5)]
    assert recurring_lines(map(outline, copies)) == frozenset()


def test_a_background_sentence_that_recurs_is_kept() -> None:
    background = "Niger has been ruled by its army since the president was ousted in July 2023."
    texts = [story(number, background) for number in (10, 20, 30, 40)]
    assert recurring_lines(map(outline, texts)) == frozenset()


@settings(deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_articles_does_not_matter(order: list[int]) -> None:
    feet = [FEET, FEET, FEET, "Alone", "Alone", "No feet"]
    outlines = [outline(story(10 * n, feet[n])) for n in range(6)]
    assert recurring_lines(outlines[n] for n in order) == recurring_lines(outlines)


LINES = st.sampled_from(
    [
        "Related",
        "Share",
        "Home",
        "News",
        "Sport",
        "Leave a reply",
        "Read also: Another story of the day",
        "The mayor said on Monday that the bridge will open in May.",
        "Scroll to TopBridge opens in May",
        "Ministers agree a budget after all-night talks in the capital",
        "Subscribe to our newsletter. The bridge is 90 metres long.",
        "2 hours ago",
        "- an item",
        "Results:",
        "",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES, max_size=20).map("\n".join)))
def test_spans_are_sorted_disjoint_and_trimmed(text: str) -> None:
    spans = mark(text)
    last = -1
    for start, end in spans:
        assert last < start < end <= len(text)
        last = end
    assert spans == mark(text)
    assert all(piece == piece.strip() for piece in marked(text))


def test_an_outline_is_small() -> None:
    one = outline("\n".join(f"A line that is number {n} of very many lines" for n in range(9999)))
    assert isinstance(one, Outline)
    assert len(one.edges) == 50
    assert len(one.body) <= 40
