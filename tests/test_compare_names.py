"""Names of people, places and things: one and the same, part and whole, or exclusive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare.names import (
    compare_names,
    compare_people,
    compare_places,
    core,
    proper_names,
)


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("General Abdourahamane Tchiani", "Tchiani", "compatible"),
        ("Dr Helena Marsh", "Marsh", "compatible"),
        ("Professor Leopold Anders Quist", "Leopold Quist", "compatible"),
        ("Amélie Durand", "Amelie Durand", "same"),
        ("Sir Alan Whitcombe", "Alan Whitcombe", "same"),
        ("Tchiani", "Tiani", "compatible"),
        ("Anna Bell", "Tom Reed", "conflicting"),
        ("Anna Bell", "Tom Bell", "unknown"),
        ("a local farmer", "Tom Reed", "unknown"),
        ("the council", "Tom Reed", "unknown"),
        ("Kolberg Construction Ltd", "Tom Reed", "unknown"),
    ],
)
def test_people(a: str, b: str, relation: str) -> None:
    assert compare_people(a, b)[0] == relation
    assert compare_people(b, a)[0] == relation


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("World Health Organization", "WHO", "compatible"),
        ("the WHO", "World Health Organization", "compatible"),
        ("Halden Steel", "Halden Steel plc", "compatible"),
        ("Kolberg Construction", "Delmont Brothers", "conflicting"),
        ("a trawler", "Northern Grace", "unknown"),
    ],
)
def test_organisations_and_things(a: str, b: str, relation: str) -> None:
    assert compare_names(a, b)[0] == relation
    assert compare_names(b, a)[0] == relation


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("Niamey", "Niger", "compatible"),
        ("Niamey", "Niamey, Niger", "compatible"),
        ("Lisbon", "Portugal", "compatible"),
        ("Nairobi", "Kampala", "conflicting"),
        ("in Paris", "in Madrid", "conflicting"),
        ("the Moss Hills", "Moss Hills", "same"),
        ("Dunmore", "Harwick", "conflicting"),
        ("Dunmore Bridge", "Harwick", "unknown"),
        ("Harwick", "France", "unknown"),
        ("the harbour", "Harwick", "unknown"),
        ("Fog came down over Dunmore", "Harwick", "unknown"),
    ],
)
def test_places(a: str, b: str, relation: str) -> None:
    assert compare_places(a, b)[0] == relation
    assert compare_places(b, a)[0] == relation


def test_places_that_a_sentence_names_together_may_be_part_and_whole() -> None:
    told = "The fire began in Hale, a suburb of Brackenford. It spread."
    assert compare_places("Hale", "Brackenford")[0] == "conflicting"
    assert compare_places("Hale", "Brackenford", told)[0] == "compatible"


def test_names_are_runs_of_capitals_without_the_words_that_begin_sentences() -> None:
    text = "On Monday Anna Bell opened the Tarn Bridge. However, nobody from Harwick came."
    assert proper_names(text) == ("Anna Bell", "Tarn Bridge", "Harwick")


def test_titles_and_suffixes_are_no_names() -> None:
    assert core("President Mohamed Bazoum Jr.") == ("mohamed", "bazoum")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_compare_the_same_in_both_orders(a: str, b: str) -> None:
    for compare in (compare_people, compare_names, compare_places):
        assert compare(a, b)[0] == compare(b, a)[0]


@given(st.text(max_size=80))
def test_no_text_excludes_itself(text: str) -> None:
    for compare in (compare_people, compare_names, compare_places):
        assert compare(text, text)[0] != "conflicting"
