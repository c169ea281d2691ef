"""Sentence bounds: what news needs, and nothing lost on any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences.split(text)]


# Each case is written with " | " where a sentence ends.
CASES = [
    "Mr. Smith met Gen. Tchiani in Niamey. | He left on Monday.",
    "He arrived at 5 p.m. Monday. | The plane left at 6 a.m. | Nobody saw it.",
    "The talks ended at 10 a.m. EST on Friday. | They resume soon.",
    "He left the U.S. | The talks went on.",
    "The U.S. Treasury and the U.S. Congress agreed. | It was late.",
    "J. Robert Oppenheimer read it. | So did George W. Bush.",
    "It rose 3.5 percent to $1.2 million. | It fell to .5 later.",
    "He lives at No. 5 Downing St. | He said no. | He moved.",
    "Acme Inc. said on Jan. 5 that it would go. | It did.",
    "Acme Inc. | The other firm is called Bolt Ltd. and sells bolts.",
    "“We are ready,” he said. | “I don’t know.” | Then he left.",
    '"Stop." | They did. | "Go!" | They went.',
    '"Why now?" Mr Smith asked. | Nobody answered.',
    "“Are you sure?” the judge asked. | He was.",
    "“Never!” shouted the crowd. | It dispersed.",
    "He said: “Stop.” | They did.",
    "He waited... and then he spoke. | It was… nothing. | Then… | Silence fell.",
    "(He left early.) | The others stayed.",
    "It was over.[12] | The rest is known.",
    "See Fig. 3 on pp. 4-5 of vol. 2. | It shows e.g. a map, i.e. a plan.",
    "The ship sank.Rescuers came at once. | Nobody died.".replace("sank.R", "sank. | R"),
    "Yahoo! is a firm. | So is www.example.com today.",
    "What? | Yes! | Who?! | Me.",
    "1. Bread is baked. | It is eaten.",
    "The vote was 5-4. | 12 judges sat. | 3 were absent.",
    "He ran v. Jones in Smith v. Jones. | He lost.",
    "Niger (pop. 26m) is large. | Mali is too.",
    "他来了。 | 她走了！ | 为什么？",
    "هل وصل؟ | نعم.",
    "Scroll to TopRussia sends trainers. | They arrived.",
    "It cost 5 euros etc. and more. | He paid.",
    "He met Dr. No. | Then he left.",
    "She studied pop art. | Nobody taught it well in the 10th sec. | Still she did.",
    "In World War I. | The treaty followed.",
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    expected = case.split(" | ")
    text = case.replace(" | ", " ").replace("sank. R", "sank.R")
    assert split(text) == expected


@pytest.mark.parametrize(("text", "count"), [
    ("Wife: Ida Holm (m. 1902; d. 1950)", 1),
    ("Otto Brun (r. 1610 to 1632) built it. It stands.", 2),
    ("We chose plan B. Then it rained (see plan A). We left.", 3),
    ("He measured 40 m. The next (a boy) threw 38 m. It was late.", 3),
])
def test_dates_in_a_bracket_end_no_sentence(text: str, count: int) -> None:
    assert len(split(text)) == count


def test_a_heading_a_list_and_a_paragraph_are_apart() -> None:
    text = "Regional Implications:\nNiger has allies. Mali too\n\n- one item\n- another\n1. first"
    assert split(text) == [
        "Regional Implications:",
        "Niger has allies.",
        "Mali too",
        "- one item",
        "- another",
        "1. first",
    ]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Astronomers have found a moon of Neptune that is only 14 kilometres\n"
        "across. It takes nearly 27 years to go around the planet, longer than\n"
        "any other moon that is known.\n"
        "\n"
        "Headline of something else\n"
        "Another headline of more\n"
    )
    assert split(text) == [
        "Astronomers have found a moon of Neptune that is only 14 kilometres\nacross.",
        "It takes nearly 27 years to go around the planet, longer than\n"
        "any other moon that is known.",
        "Headline of something else",
        "Another headline of more",
    ]


def test_a_long_line_that_goes_on_in_lower_case_is_not_broken() -> None:
    text = "The minister for water and the minister\nfor roads agreed on the plan."
    assert split(text) == [text]


def test_a_list_of_titles_of_one_width_is_no_wrapped_paragraph() -> None:
    titles = [f"A headline of nearly the same width as others {n}" for n in "abcd"]
    assert split("\n".join(titles)) == titles


TEXT = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([*'aB1 .!?…\n"”’)([', "Mr. ", "U.S. ", " said", "word ", ". The ", "\n\n"]),
        max_size=60,
    ).map("".join),
)


@settings(deadline=None)
@given(TEXT)
def test_spans_cover_every_visible_character_once(text: str) -> None:
    spans = sentences.split(text)
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == sorted(set(covered))
    assert {at for at, ch in enumerate(text) if not ch.isspace()} <= set(covered)
    assert all(piece == piece.strip() and piece for piece in split(text))


@settings(deadline=None)
@given(TEXT)
def test_no_sentence_crosses_a_blank_line(text: str) -> None:
    assert all("\n\n" not in piece for piece in split(text))


@pytest.mark.parametrize("unit", [".", '?" ', "a. ", "x", '.")', "… ", "\n", "a\n", "i.e. "])
def test_a_long_run_of_one_thing_is_no_trap(unit: str) -> None:
    # Quadratic time would take minutes here; pytest's own limit would stop it.
    text = unit * (300_000 // len(unit))
    joined = "".join(split(text))
    assert "".join(joined.split()) == "".join(text.split())


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet=".!?…。؟\"')]”[2 1aAB\n", max_size=40))
def test_a_stop_is_found_wherever_the_whole_pattern_finds_one(text: str) -> None:
    pattern, end = sentences._STOP, len(text)
    for start in (0, min(2, end)):
        found = [stop.span() for stop in sentences._stops(text, start, end)]
        assert found == [stop.span() for stop in pattern.finditer(text, start, end)]
