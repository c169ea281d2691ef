"""Words made comparable: keys, kinds, and that nothing of a text is lost or invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.demonyms import country
from rag.language.opposites import alike, opposite
from rag.language.terms import keys, normal, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russian", "Russia"),
        ("Russians", "Russia"),
        ("instructor", "instructors"),
        ("U.S.", "US"),
        ("1,000", "1000"),
        ("3.50", "3.5"),
        ("three", "3"),
        ("café", "Cafe"),
        ("Niger’s", "Niger"),
        ("sent", "sends"),
        ("defence", "defense"),
    ],
)
def test_what_is_the_same_has_one_key(one: str, other: str) -> None:
    assert terms(one)[0].key == terms(other)[0].key


@pytest.mark.parametrize(
    ("one", "other"),
    [("Niger", "Nigeria"), ("100", "1000"), ("Mali", "Malian army"), ("May", "March")],
)
def test_what_differs_has_different_keys(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_kinds_of_words() -> None:
    found = {t.text: t.kind for t in terms("How many Dutch boats left Tolm in May 1999?")}
    assert found == {"How": "empty", "many": "empty", "Dutch": "name", "boats": "word",
                     "left": "word", "Tolm": "name", "in": "empty", "May": "name",
                     "1999": "number"}  # fmt: skip


def test_us_is_a_pronoun_in_lower_case_and_a_country_in_capitals() -> None:
    assert terms("tell us")[1].kind == "empty"
    assert terms("the US army")[1].key == country("american") == "us"


def test_a_country_is_found_by_any_of_its_words_in_lower_case() -> None:
    assert [country(w) for w in ("american", "usa", "americans", "russian", "russia")] == [
        "us", "us", "us", "russia", "russia"]
    assert country("u.s.") is country("Russian") is None


def test_normal_leaves_out_what_says_nothing() -> None:
    assert normal("the old  mill,") == normal("Old mill") == "old mill"
    assert normal("the") == "the"


@given(st.text(max_size=300))
def test_offsets_are_true_and_in_order(text: str) -> None:
    found = terms(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert keys(text) == {t.key for t in found if t.kind != "empty"}


def test_likes_and_opposites_are_mutual() -> None:
    assert "oppos" in opposite("support")
    for key in ("send", "oust", "rich", "win"):
        assert all(key in alike(other) for other in alike(key))
        assert all(key in opposite(other) for other in opposite(key))
    assert "impos" not in opposite("lift"), "lifted sanctions were imposed before"
    assert "bar" not in alike("ban"), "a bar is mostly a place"
