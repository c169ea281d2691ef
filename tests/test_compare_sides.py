"""Answers to one question: disputed, updated or neither, and in which order they are told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare import Claim, otherwise, sides, single
from rag.questions.intent import analyse

OLD, NEW = dt.date(2024, 3, 1), dt.date(2024, 3, 4)


def said(text: str, sentence: str, article: str = "a.txt", day: dt.date | None = NEW,
         probability: float = 0.9, **more: str) -> Claim:
    """A claim whose answer stands in its sentence."""
    assert text in sentence
    return Claim(text, sentence, article, day, probability, **more)


def bridge(year: str, article: str, day: dt.date | None = NEW, probability: float = 0.9) -> Claim:
    """An article's year for the opening of one bridge."""
    return said(year, f"The Tarn Bridge opened in {year}.", article, day, probability)


OPENED = "When did the Tarn Bridge open?"


def test_two_articles_that_exclude_each_other_are_two_sides() -> None:
    found = sides(OPENED, [bridge("2019", "a.txt"), bridge("2021", "b.txt")])
    assert found is not None
    assert found.kind == "disputed"
    assert [(s.text, s.articles, s.sources) for s in found.sides] == [
        ("2019", ("a.txt",), 1), ("2021", ("b.txt",), 1)]
    assert found.why == "the years differ: 2019 and 2021"


def test_sides_are_told_newest_first_then_by_sources_and_undated_ones_last() -> None:
    undated = [bridge("2019", "a.txt", None, 0.99), bridge("2021", "b.txt", OLD, 0.6)]
    found = sides(OPENED, undated)
    assert found is not None
    assert [s.text for s in found.sides] == ["2021", "2019"]
    same_day = [bridge("2019", "a.txt"), bridge("2021", "b.txt", probability=0.8),
                said("2021", "When the Tarn Bridge opened in 2021, a band played.", "c.txt")]
    found = sides(OPENED, same_day)
    assert found is not None
    assert [(s.text, s.sources) for s in found.sides] == [("2021", 2), ("2019", 1)]


@pytest.mark.parametrize("asked", [
    "How old was the sculptor Ines Calder when she died?",
    "At what age did the sculptor Ines Calder die?",
    "What was the age of the sculptor Ines Calder at her death?",
])
def test_an_age_at_death_is_in_years_in_whatever_words_and_does_not_grow(asked: str) -> None:
    old = said("84 years old", "Ines Calder was 84 years old when she died.", "a.txt", OLD)
    found = sides(asked, [
        old, said("79", "Ines Calder, still famous as a sculptor, died at 79.", "b.txt", NEW)])
    assert found is not None
    assert (found.kind, found.why) == ("disputed", "84 and 79 cannot both be right")
    assert sides(asked, [old, said("84", "Ines Calder died at 84.", "b.txt")]) is None


def test_an_age_now_grows_and_counts_of_the_old_are_no_ages() -> None:
    mayor = "How old is the mayor who was elected in Varde?"
    year, next_year = dt.date(2023, 3, 1), dt.date(2024, 3, 1)
    found = sides(mayor, [said("61", "The mayor of Varde, who is 61, spoke.", "a.txt", year),
                          said("62", "The mayor of Varde, who is 62, spoke.", "b.txt", next_year)])
    assert found is not None
    assert found.kind == "updated"
    dead = "How many people over the age of 65 died in the Varde fire?"
    assert sides(dead, [said("12", "12 people died in the Varde fire.", "a.txt"),
                        said("4 women", "4 women died in the Varde fire.", "b.txt")]) is None


def test_copies_count_as_one_source() -> None:
    story = ("The Tarn Bridge opened in 2021. Children threw flowers from it, and the mayor told "
             "a joke about the old ferry that nobody understood.")
    copies = [said("2021", "The Tarn Bridge opened in 2021.", f"{n}.txt", passage=story)
              for n in "bcd"]
    found = sides(OPENED, [bridge("2019", "a.txt"), *copies])
    assert found is not None
    by_text = {s.text: s for s in found.sides}
    assert len(by_text["2021"].articles) == 3
    assert by_text["2021"].sources == 1


def test_compatible_answers_are_no_dispute() -> None:
    assert sides("How many people came to the Tarn fair?", [
        said("100", "100 people came to the Tarn fair."),
        said("hundred", "About a hundred people came to the Tarn fair.", "b.txt")]) is None


def test_an_answer_that_is_not_probable_enough_makes_no_side() -> None:
    other = Claim("2021", "The Tarn Bridge opened in 2021, when a band played and boats came from "
                  "both shores.", "b.txt", probability=0.4)
    claims = [bridge("2019", "a.txt"), other]
    assert sides(OPENED, claims) is None
    assert sides(OPENED, claims, floor=0.3) is not None


def test_a_sentence_in_the_same_words_need_not_be_as_probable() -> None:
    assert sides(OPENED, [bridge("2019", "a.txt"), bridge("2021", "b.txt", probability=0.2)])
    assert not sides(OPENED, [bridge("2019", "a.txt"), bridge("2021", "b.txt", probability=0.05)])
    assert not sides(OPENED, [bridge(y, y, probability=0.4) for y in ("2019", "2021")])


@pytest.mark.parametrize(("first", "second", "more"), [
    ("At least 23 people died in the fire.", "At least 27 people died in the fire.", True),
    ("About six people died in the fire.", "Some eight people died in the fire.", True),
    ("At least 23 people died in the fire.", "More than 23 people died in the fire.", False),
    ("At least 23 people died in the fire.", "Dozens of people died in the fire.", False),
    ("At least 23 people died in the fire.", "At least 40 people were hurt in the fire.", False),
])
def test_figures_that_leave_room_for_each_other_are_told_apart(
    first: str, second: str, more: bool
) -> None:
    asked = analyse("How many people died in the fire?")
    one, other = (Claim(s[: s.index(" people")], s, name) for s, name in
                  ((first, "a.txt"), (second, "b.txt")))
    assert sides(asked, [one, other]) is None
    assert otherwise(asked, one, [one, other]) == ([other] if more else [])


def test_what_says_itself_that_it_is_later_needs_no_day() -> None:
    asked = analyse("How many people died in the fire?")
    claims = [Claim("At least 23", "At least 23 people died in the fire.", "a.txt"),
              Claim("31", "The number of people killed in the fire has risen to 31.", "b.txt"),
              Claim("24", "24 people died in the fire.", "c.txt")]
    found = sides(asked, claims)
    assert found is not None
    assert (found.kind, found.sides[0].text) == ("updated", "31")


@pytest.mark.parametrize(
    ("question", "a", "b"),
    [
        ("How many people died in the fire in Tarn?", "12 people died in the fire in Tarn.",
         "30 people were injured in the fire in Tarn."),
        ("Who won the Tarn open?", "Anna Bell won the women's section of the Tarn open.",
         "Tom Reed won the men's section of the Tarn open."),
        ("How many people came to the Tarn fair?", "In 2019, 400 people came to the Tarn fair.",
         "In 2021, 900 people came to the Tarn fair."),
        ("How much did the Tarn tower cost?", "The Tarn tower cost 3 million euros.",
         "The Tarn tower was expected to cost 5 million euros."),
        ("How many wolves live near Tarn?", "14 wolves live near Tarn.",
         "The office denied that 50 wolves live near Tarn."),
        ("How many wolves live in the forest?", "14 wolves live in the forest of Tarn.",
         "50 wolves live in the forest of Elm."),
    ],
)
def test_different_events_plans_and_denials_are_no_dispute(
    question: str, a: str, b: str
) -> None:
    figures = [next(w for w in s.split() if w[0].isdigit() and len(w) < 4)
               if "won" not in s else " ".join(s.split()[:2]) for s in (a, b)]
    claims = [said(figures[0], a), said(figures[1], b, "b.txt")]
    assert sides(question, claims) is None


def test_the_one_who_was_beaten_is_no_other_winner() -> None:
    winner = said("Anna Bell", "Anna Bell won the election in Tarn.", "a.txt")
    loser = said("Tom Reed", "Anna Bell won the election in Tarn, beating Tom Reed.", "b.txt")
    assert sides("Who won the election in Tarn?", [winner, loser]) is None
    both = said("Anna Bell", "Anna Bell won the election in Tarn; Tom Reed came second.", "a.txt")
    second = said("Tom Reed", "In Tarn Tom Reed lost the election that Anna Bell won.", "b.txt")
    assert sides("Who won the election in Tarn?", [both, second]) is None
    other = said("Tom Reed", "Tom Reed won the election in Tarn.", "b.txt")
    assert sides("Who won the election in Tarn?", [winner, other]) is not None


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("How many people were hurt in the Tarn crash?",
         ("4", "At least 4 people were hurt in the Tarn crash."),
         ("17", "17 people were hurt in the Tarn crash.")),
        ("How many people are missing after the Tarn flood?",
         ("80", "Up to 80 people are missing after the Tarn flood."),
         ("3", "3 people are missing after the Tarn flood.")),
    ],
)
def test_a_later_number_fills_what_an_earlier_one_left_open(
    question: str, before: tuple[str, str], after: tuple[str, str]
) -> None:
    earlier, later = said(*before, day=OLD), said(*after, article="b.txt", probability=0.7)
    again = said(after[0], f"The latest: {after[1]}", "c.txt", NEW, 0.6)
    found = sides(question, [earlier, later, again])
    assert found is not None
    assert found.kind == "updated"
    assert [(s.text, s.articles) for s in found.sides] == [
        (after[0], ("b.txt", "c.txt")), (before[0], ("a.txt",))]
    undated = said(*after, article="b.txt", day=None)
    assert sides(question, [earlier, undated]) is None
    assert sides(question, [said(*before, day=NEW), later]) is None


def test_a_number_that_was_at_least_so_high_and_hardly_moved_is_no_update() -> None:
    claims = [said("640", "More than 640 homes were flooded in Tarn.", "a.txt", OLD),
              said("650", "650 homes were flooded in Tarn.", "b.txt", NEW)]
    assert sides("How many homes were flooded in Tarn?", claims) is None


def test_the_words_of_a_running_story_in_a_name_make_no_update() -> None:
    question = "How many tonnes of coal did the Alma Rose carry?"
    claims = [said("900", "The Alma Rose carried 900 tonnes of coal.", "a.txt", OLD),
              said("2,400", "The ship Alma Rose carried 2,400 tonnes of coal.", "b.txt", NEW)]
    found = sides(question, claims)
    assert found is not None
    assert found.kind == "disputed"


def test_one_article_that_tells_all_of_the_question_twice_disagrees_with_itself() -> None:
    question = "When did the Tarn Bridge open?"
    claims = [said("2019", "The Tarn Bridge opened in 2019 to much applause."),
              said("2021", "When the Tarn Bridge opened in 2021, a band played.")]
    found = sides(question, claims)
    assert found is not None
    assert [s.text for s in found.sides] == ["2019", "2021"]
    elsewhere = [claims[0], said("2021", "The bridge was closed in 2021.")]
    assert sides(question, elsewhere) is None


def test_a_word_that_only_begins_its_sentence_is_no_name() -> None:
    question = "What was found in the suitcase of Tom Reed?"
    cash = said("Cash", "Cash was found in the suitcase of Tom Reed.", "a.txt")
    notes = said("Banknotes", "Banknotes were found in the suitcase of Tom Reed.", "b.txt")
    assert sides(question, [cash, notes]) is None
    painting = "What is the name of the painting in the suitcase of Tom Reed?"
    one = said("Night Ferry", "Night Ferry is the painting in Tom Reed's suitcase.", "a.txt")
    other = said("Pale Horses", "Pale Horses is the painting in Tom Reed's suitcase.", "b.txt")
    assert sides(painting, [one, other]) is not None


def test_a_part_of_those_who_are_asked_for_is_no_other_number_of_them() -> None:
    question = "How many people died in the Tarn crash?"
    everybody = said("7", "7 people died in the Tarn crash.", "a.txt", OLD)
    children = said("3", "3 children died in the Tarn crash.", "b.txt", NEW)
    assert sides(question, [everybody, children]) is None
    more = said("9", "9 children died in the Tarn crash.", "b.txt", NEW)
    assert sides(question, [everybody, more]) is not None
    question = "How many tourists died in the Tarn crash?"
    guests = said("20", "20 tourists died in the Tarn crash.", "a.txt", OLD)
    some = said("12", "12 Italian tourists died in the Tarn crash.", "b.txt", NEW)
    assert sides(question, [guests, some]) is None


def test_a_later_toll_supersedes_an_earlier_one() -> None:
    question = "How many people died in the Tarn landslide?"
    claims = [said("6", "6 people died in the Tarn landslide.", "a.txt", OLD),
              said("19", "19 people died in the Tarn landslide.", "b.txt", NEW)]
    found = sides(question, claims)
    assert found is not None
    assert found.kind == "updated"
    assert [s.text for s in found.sides] == ["19", "6"]


@pytest.mark.parametrize(("question", "kind"), [
    ("When will the Tarn museum open now that it is late?", "updated"),
    ("What is the new date on which the Tarn museum will open?", "updated"),
    ("When will the Tarn museum open?", "disputed"),
    ("When will the new Tarn museum open?", "disputed"),
])
def test_who_asks_for_the_latest_is_told_the_latest(question: str, kind: str) -> None:
    claims = [said("5 April 2031", "The Tarn museum will open on 5 April 2031.", "a.txt", OLD),
              said("9 May 2031", "The Tarn museum will open on 9 May 2031.", "b.txt", NEW)]
    found = sides(question, claims)
    assert found is not None
    assert (found.kind, found.sides[0].text) == (kind, "9 May 2031")
    same_day = [claims[0], said("9 May 2031", claims[1].sentence, "b.txt", OLD)]
    again = sides(question, same_day)
    assert again is not None
    assert again.kind == "disputed"


def test_the_same_toll_on_one_day_is_disputed() -> None:
    question = "How many people died in the Tarn landslide?"
    found = sides(question, [said("6", "6 people died in the Tarn landslide.", "a.txt"),
                             said("19", "19 people died in the Tarn landslide.", "b.txt")])
    assert found is not None
    assert found.kind == "disputed"


def test_an_older_article_with_the_newer_number_does_not_make_it_an_update() -> None:
    claims = [bridge("2019", "a.txt", OLD), bridge("2021", "b.txt", NEW)]
    found = sides(OPENED, claims)
    assert found is not None
    assert found.kind == "disputed"  # an opening does not move on


def test_two_voices_in_one_article_are_two_sides() -> None:
    claims = [said("4,000", "Police said 4,000 people marched in Tarn."),
              said("15,000", "The organisers said 15,000 people marched in Tarn.")]
    found = sides("How many people marched in Tarn?", claims)
    assert found is not None
    assert {s.text for s in found.sides} == {"4,000", "15,000"}


def test_one_article_in_its_own_voice_does_not_dispute_itself() -> None:
    claims = [said("4,000", "4,000 people marched in Tarn."),
              said("15,000", "15,000 people live in Tarn.", probability=0.8)]
    assert sides("How many people marched in Tarn?", claims) is None


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("How many people died?", True),
        ("When did it open?", True),
        ("Who won the race?", True),
        ("What percentage of voters said yes?", True),
        ("Where will the summit take place?", True),
        ("Which countries took part?", False),
        ("Who praised the plan?", False),
        ("Why did it close?", False),
        ("Tell me about the bridge", False),
    ],
)
def test_only_questions_with_one_right_answer_can_be_disputed(question: str, one: bool) -> None:
    assert single(analyse(question)) is one


def pairs(root: Path, name: str) -> list[tuple[dict[str, Any], list[Claim]]]:
    """The turns of the set of pairs, with the answers that a perfect reader would give."""
    folder = root / "eval" / "sets" / "disputes"
    read = []
    for line in (folder / name).read_text("utf-8").splitlines():
        (turn,) = json.loads(line)["turns"]
        claims = []
        for at, support in enumerate(turn["support"]):
            points = turn.get("points")
            texts = points[support["point"]] if points else turn["answers"]
            text = next((t for t in [*texts[at:], *texts] if t in support["sentence"]), None)
            if text is None:  # a yes or no has no words of its own in the article
                continue
            front, body = (folder / "articles" / support["article"]).read_text("utf-8").split(
                "---\n")[1:]
            fields = dict(f.split(": ", 1) for f in front.strip().splitlines())
            claims.append(Claim(text, support["sentence"], support["article"],
                                dt.date.fromisoformat(fields["date"]), 0.9,
                                fields["title"].strip('"'), body.strip()))
        read.append((turn, claims))
    return read


@pytest.mark.parametrize("name", ["dev.jsonl", "test.jsonl"])
def test_disputes_of_the_pairs_are_found_with_few_false_ones(root: Path, name: str) -> None:
    found = right = there = 0
    for turn, claims in pairs(root, name):
        result = sides(turn["question"], claims)
        disputed = result is not None and result.kind == "disputed"
        found += disputed
        there += turn["outcome"] == "disputed"
        right += disputed and turn["outcome"] == "disputed"
    assert there >= 28
    assert right / found >= 0.9
    assert right / there >= 0.8


@given(st.lists(st.tuples(st.sampled_from(["2019", "2020", "2021"]), st.sampled_from("abc"),
                          st.sampled_from([None, OLD, NEW]), st.floats(0, 1)), max_size=6))
def test_sides_exclude_each_other_whatever_the_answers(rows: list[Any]) -> None:
    claims = [bridge(year, article, day, probability) for year, article, day, probability in rows]
    found = sides(OPENED, claims)
    if found is not None:
        assert len({s.text for s in found.sides}) == len(found.sides) >= 2
        assert all(1 <= s.sources <= len(s.articles) for s in found.sides)
        assert all(c.probability >= 0.1 for s in found.sides for c in s.claims)
        assert max(c.probability for s in found.sides for c in s.claims) >= 0.5
