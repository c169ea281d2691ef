"""From candidate spans to a verdict: groups, wholes, roles, lists, reasons, abbreviations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.abbreviations import expansion
from rag.answers.ages import aged
from rag.answers.identity import identified
from rag.answers.lists import enumerated, items, listed, told_apart
from rag.answers.things import enumeration
from rag.compose import compose
from rag.evidence.clauses import candidates as widened
from rag.evidence.completion import completed
from rag.evidence.confidence import PLAIN, load
from rag.evidence.groups import echoes, group, same
from rag.evidence.negation import negated
from rag.evidence.roles import stands_right
from rag.evidence.signals import fits, signals
from rag.evidence.weighing import Verdict, decide, weigh_all
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.settings import Settings
from rag.types import Article, Candidate, Hit, Passage


def hit(text: str, article: str = "a.txt", rank: int = 1) -> Hit:
    return Hit(Passage(article, 0, 0, len(text), text, split(text)), "Title", rank, 0.1)


def span(of: Hit, words: str, margin: float) -> Candidate:
    start = of.passage.text.index(words)
    return Candidate(of, start, start + len(words), words, margin, margin, 0.5)


SALE = hit(
    "The old mill at Orrin was sold for 300 crowns to Ida Brandt. She paid 300 crowns at once."
)
COPY = hit("Brandt, a baker, paid 300 crowns.", "b.txt", 2)


def test_the_same_answer_from_several_places_is_one_group() -> None:
    asked = analyse("How much did Brandt pay?")
    second = Candidate(SALE, 70, 80, "300 crowns", 5.0, 5.0)
    groups = group(asked, [span(COPY, "300 crowns", 6.0), span(SALE, "300 crowns", 4.0), second,
                           span(SALE, "Ida Brandt", 3.0)])  # fmt: skip
    assert [(g.best.text, g.margin, len(g.places)) for g in groups] == [
        ("300 crowns", 6.0, 3), ("Ida Brandt", 3.0, 1)]  # fmt: skip
    assert groups[0].articles == ("b.txt", "a.txt")


@pytest.mark.parametrize(
    ("question", "a", "b", "is_same"),
    [
        ("Who leads it?", "Tchiani", "General Abdourahamane Tchiani", True),
        ("How many came?", "100", "100 Russian instructors", True),
        ("How many came?", "100", "1,000 instructors", False),
        ("Where is it?", "Niger", "Niger’s army", False),
        ("When was it?", "in May", "May", True),
        ("When was it?", "May 2023", "May 2024", False),
        ("Who came?", "the mayor", "Ida Brandt", False),
    ],
)
def test_which_answers_are_the_same(question: str, a: str, b: str, is_same: bool) -> None:
    assert same(analyse(question), a, b) is same(analyse(question), b, a) is is_same


def test_an_answer_that_only_repeats_the_question_is_none() -> None:
    assert echoes(analyse("Who sold the old mill?"), "the mill")
    assert echoes(analyse("Who ousted Bazoum?"), "President Mohamed Bazoum")
    assert not echoes(analyse("Which Russian general came?"), "the Russian general Orlov")


def test_the_best_answer_is_given_with_the_quotes_of_each_article() -> None:
    asked = analyse("How much did Brandt pay?")
    found = [span(SALE, "300 crowns", 9.0), span(COPY, "300 crowns", 7.0)]
    verdict = decide(weigh_all(asked, found, [SALE, COPY], PLAIN), PLAIN, 0.1)
    assert (verdict.outcome, verdict.short) == ("answered", "300 crowns")
    assert [(q.article, q.text) for q in verdict.quotes] == [
        ("a.txt", "The old mill at Orrin was sold for 300 crowns to Ida Brandt."),
        ("b.txt", "Brandt, a baker, paid 300 crowns."),
    ]
    articles = {h.passage.article: Article(h.passage.article, "T", h.passage.text, "0")
                for h in (SALE, COPY)}  # fmt: skip
    text, citations = compose(verdict, articles.__getitem__)
    assert text.startswith("300 crowns.\n“The old mill")
    assert [c.number for c in citations] == [1, 2]
    assert text.count("[1]") == text.count("[2]") == 1


def test_less_risk_refuses_what_more_risk_gives() -> None:
    asked = analyse("How much did Brandt pay?")
    weighed = weigh_all(asked, [span(COPY, "300 crowns", 0.0)], [COPY], PLAIN)
    outcomes = [decide(weighed, PLAIN, risk).outcome for risk in (0.001, 1.0)]
    assert outcomes == ["not_found", "answered"]
    assert decide(weighed, PLAIN, 0.001).confidence == weighed[0].probability


def test_what_is_told_of_another_name_is_no_rival_of_what_is_told_of_the_questions() -> None:
    of = hit("Most knew Rojas, and few knew Salinas. "
             "Rojas won 3.3 percent. Salinas won 44.9 percent.")
    spans = [span(of, "3.3 percent", 6.0), span(of, "44.9 percent", 2.0)]
    best, *others = weigh_all(analyse("How much did Salinas win?"), spans, [of], PLAIN)
    assert (best.group.best.text, best.signals["sole"], others) == ("44.9 percent", 1.0, [])
    # Where no sentence has the question's name, the veto stays in sight.
    told = weigh_all(analyse("How much did Keller win?"), spans, [of], PLAIN)
    assert [w.told_of_another for w in told] == [True, True]


def test_no_candidate_is_not_found() -> None:
    assert decide([], PLAIN, 0.5) == Verdict(
        "not_found", None, 0.0,
        trace={"threshold": 0.25, "calibrator": "plain", "answers": [],
               "why": "no span of the passages may answer"})  # fmt: skip


def test_a_number_is_wanted_where_a_number_is_asked() -> None:
    asked = analyse("How many workers came?")
    of = hit("Six workers came by boat.")
    weighed = weigh_all(asked, [span(of, "by boat", 9.0), span(of, "Six", 1.0)], [of], PLAIN)
    assert [w.group.best.text for w in weighed] == ["Six"]


@pytest.mark.parametrize(("question", "given"), [
    ("What day did they come?", "Friday"), ("At what time did they come?", "11 am"),
    ("When did they come?", "11 am"),
])
def test_a_day_is_no_answer_for_an_hour_nor_an_hour_for_a_day(question: str, given: str) -> None:
    asked, of = analyse(question), hit("They came on Friday at 11 am by boat.")
    weighed = weigh_all(asked, [span(of, "11 am", 9.0), span(of, "Friday", 1.0)], [of], PLAIN)
    assert weighed[0].group.best.text == given


def test_signals_tell_a_swapped_name() -> None:
    of = hit("Six Dutch workers came by boat.")
    right, swapped = (
        signals(asked, group(asked, [span(of, "Six", 5.0)]), 0, [of])
        for asked in map(analyse, ("How many Dutch workers came?", "How many Irish workers came?"))
    )
    assert (right["names_all"], swapped["names_all"]) == (1.0, 0.0)
    assert right["words_sentence"] == 1.0 > swapped["words_sentence"]
    assert right["focus"] == swapped["focus"] == 1.0
    assert all(abs(value) < 100 for value in right.values())


TANKER = (
    "The tanker carried 900 tonnes of diesel, the coastguard said on Wednesday. No oil has been "
    "seen on the water. Tugs will try to pull her free at the next high tide."
)


def confidence_in(answer: str, *found: Candidate) -> float:
    """The shipped calibrator's probability of an answer among spans."""
    asked = analyse("How many tonnes of diesel did the tanker carry?")
    hits = list(dict.fromkeys(c.hit for c in found))
    weighed = weigh_all(asked, found, hits, load(Settings()))
    return next(w.probability for w in weighed if w.group.best.text == answer)


def test_copies_never_raise_an_answer_over_what_one_source_gives() -> None:
    first = span(hit(TANKER), "900 tonnes", 2.0)
    copies = [span(hit(text, f"{n}.txt", n + 1), "900 tonnes", 2.0)
              for n, text in enumerate((TANKER, TANKER.upper().replace("900 TONNES", "900 tonnes"),
                                        "In brief. " + TANKER + " It was calm."), 1)]
    alone = confidence_in("900 tonnes", first)
    assert confidence_in("900 tonnes", first, *copies) == pytest.approx(alone)
    report = hit("We saw the papers: 900 tonnes of diesel are in her tanks.", "e.txt", 2)
    assert confidence_in("900 tonnes", first, span(report, "900 tonnes", 2.0)) != pytest.approx(
        alone)


def test_copies_never_outvote_an_independent_article() -> None:
    independent = span(hit("She carried 2,400 tonnes of diesel.", "z.txt", 1), "2,400 tonnes", 2.0)
    first = span(hit(TANKER, rank=2), "900 tonnes", 2.0)
    copies = [span(hit(TANKER, f"{n}.txt", 2 + n), "900 tonnes", 2.0) for n in range(1, 6)]
    for answer in ("900 tonnes", "2,400 tonnes"):
        one_each = confidence_in(answer, independent, first)
        assert confidence_in(answer, independent, first, *copies) == pytest.approx(one_each)


def test_a_source_has_as_many_places_as_its_fullest_copy() -> None:
    asked = analyse("How much did Brandt pay?")
    short = hit(SALE.passage.text, "s.txt", 3)
    spans = [span(COPY, "300 crowns", 6.0), span(SALE, "300 crowns", 5.0),
             Candidate(SALE, 70, 80, "300 crowns", 4.0, 4.0), span(short, "300 crowns", 3.0)]
    (only,) = group(asked, spans)
    assert len(only.articles) == 3
    assert only.support == (2, 3)


@pytest.mark.parametrize(
    ("question", "sentence", "answer", "expected"),
    [
        ("Who ousted Bazoum?", "The junta ousted Bazoum.", "The junta", 1.0),
        ("Who ousted the junta?", "The junta ousted Bazoum.", "Bazoum", 0.0),
        ("Who sold the mill?", "The mill was sold to Ida Brandt.", "Ida Brandt", 0.0),
        ("Who won the cup?", "The cup was won by Tolm School.", "Tolm School", 1.0),
        ("Whom did Tchiani oust?", "Tchiani ousted Bazoum.", "Bazoum", 1.0),
        ("Whom did Tchiani oust?", "The junta of Tchiani ousted Bazoum.", "The junta", 0.0),
        ("Who came?", "The mill was sold.", "The mill", 0.5),
        ("When did it open?", "It opened in May.", "May", 0.5),
    ],
)
def test_who_does_it_to_whom(question: str, sentence: str, answer: str, expected: float) -> None:
    at = sentence.index(answer)
    assert stands_right(analyse(question), sentence, at, at + len(answer)) == expected


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("ousted President Mohamed Bazoum, the", "Mohamed", "Mohamed Bazoum"),
        ("to the West African nation.", "West African", "West African nation"),
        ("100 Irish army instructors came", "100 Irish", "100 Irish army instructors"),
        ("by Radio Television du Niger, too", "du Niger", "Radio Television du Niger"),
        ("by Radio Television due Niger, too", "due Niger", "due Niger"),
        ("In May Niger fell", "May", "May"),
        ("by General Tchiani, who", "General", "General Tchiani"),
        ("the Russians left", "Russians", "Russians"),
        ('it "serviceable, with flaws".', "serviceable", "serviceable, with flaws"),
        ('it "serviceable", with flaws.', "serviceable", "serviceable"),
        ('leave a "dangerous vacuum" in Tolm', 'a "dangerous', 'a "dangerous vacuum"'),
        ("he faces up to 20 years", "20 years", "up to 20 years"),
        ("the number is 20 or so", "20", "20"),
    ],
)
def test_cut_names_are_made_whole(text: str, cut: str, whole: str) -> None:
    at = text.index(cut)
    start, end = completed(text, at, at + len(cut), 0, len(text))
    assert text[start:end] == whole


@pytest.mark.parametrize(("text", "cut", "whole"), [
    ("a retired lighthouse keeper from Orrin", "lighthouse", "lighthouse keeper"),
    ("to the cheese maker", "the cheese", "the cheese maker"),
    ("he thanked teachers", "he thanked", "he thanked"),
    ("The army's chief of staff came", "chief of staff", "The army's chief of staff"),
    ("It was Brandt’s bread", "bread", "bread"),
])
def test_what_somebody_is_is_said_in_full_where_it_is_asked(
    text: str, cut: str, whole: str
) -> None:
    at = text.index(cut)
    start, end = completed(text, at, at + len(cut), 0, len(text), being=True)
    assert text[start:end] == whole
    assert completed(text, at, at + len(cut), 0, len(text)) == (at, at + len(cut))


@given(st.text("Ab c.,dé", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_making_whole_never_leaves_the_sentence(text: str, a: int, b: int) -> None:
    a, b = sorted((min(a, len(text)), min(b, len(text))))
    start, end = completed(text, a, b, 0, len(text), being=True)
    assert 0 <= start <= a <= b <= end <= len(text)


def test_a_list_takes_in_all_its_items() -> None:
    of = hit("Boats came from Brae, Tolm and Little Carn on Monday.")
    asked = analyse("Which three towns sent boats?")
    weighed = weigh_all(asked, [span(of, "Brae", 8.0)], [of], PLAIN)
    verdict = listed(asked, weighed, decide(weighed, PLAIN, 1.0), PLAIN, 0.5)
    assert verdict.short == "Brae, Tolm and Little Carn"
    assert items(verdict.short) == ["Brae", "Tolm", "Little Carn"]


@pytest.mark.parametrize(("text", "first", "whole"), [
    ("It has plants in Brannmo, Rotterdam and Gdynia, and 710 workers.", "Brannmo",
     "Brannmo, Rotterdam and Gdynia"),
    ("Offers came from Ames Ltd (£46), Bell (£41) and Cole (£52).", "Ames Ltd (£46), Bell (£41)",
     "Ames Ltd (£46), Bell (£41) and Cole (£52)"),
    ("Boats came from Japan, Chile and Canada, and Ann sang.", "Japan", "Japan, Chile and Canada"),
    ("Wins came in 1998, 2003 and 2011.", "1998", "1998, 2003 and 2011"),
    ("They use Windows 10, Ubuntu 24 and Debian 12.", "Windows 10",
     "Windows 10, Ubuntu 24 and Debian 12"),
])
def test_a_list_ends_where_something_else_begins(text: str, first: str, whole: str) -> None:
    of = hit(text)
    asked = analyse("Which companies and years are named?")
    weighed = weigh_all(asked, [span(of, first, 8.0)], [of], PLAIN)
    assert listed(asked, weighed, decide(weighed, PLAIN, 1.0), PLAIN, 0.5).short == whole


@pytest.mark.parametrize(("question", "text", "found", "whole"), [
    ("Which three towns threatened to go?", "Ames and the old union Alliance fined Orrin in May "
     "after the village, Brae and Tolm threatened to leave the union.", None,
     "the village, Brae and Tolm"),
    ("Which towns threatened to leave?", "Ames fined the village of Orrin very late in May after "
     "Carn, Brae and Tolm threatened to leave.", "Ames~Tolm", "Carn, Brae and Tolm"),
    ("Which towns threatened to leave?", "Ames, Brae and Tolm threatened to leave.", "Ames",
     "Ames, Brae and Tolm"),
    ("Which three things did Ames promise?", "Ames promised to raise the wage to 12 an hour, "
     "abolish fees and cancel the dam.", "abolish~dam",
     "raise the wage to 12 an hour, abolish fees and cancel the dam"),
    ("Which two members resigned?", "It was left by deputy mayor Ida Brandt and external member "
     "Ana Ruiz.", "Ana~Ruiz", "Ida Brandt and external member Ana Ruiz"),
    ("Which plants will it close?", "It will shut Ames's biscuit plant in Orrin in May and its "
     "soup factory in Tolm by the end of the year.", "Ames's~plant",
     "Ames's biscuit plant in Orrin in May and its soup factory in Tolm"),
])
def test_a_list_leaves_out_what_stands_around_it(
    question: str, text: str, found: str | None, whole: str
) -> None:
    of, asked = hit(text), analyse(question)
    first, _, last = (found or "Ames~Tolm").partition("~")
    words = text[text.index(first) : text.index(last or first) + len(last or first)]
    weighed = weigh_all(asked, [span(of, words, 8.0)], [of], PLAIN)
    assert listed(asked, weighed, decide(weighed, PLAIN, 1.0), PLAIN, 0.5).short == whole


@pytest.mark.parametrize(("question", "given"), [
    ("Which two members resigned in protest?", "the teacher Pia Gasser and the baker Jon Luzi"),
    ("Which three members resigned in protest?", None),
    ("Which two members did not resign in protest?", None),
    ("Which two members of the club resigned in protest?", None),
])
def test_a_list_that_its_sentence_counts_as_asked_is_given(
    question: str, given: str | None
) -> None:
    of = hit("Two members, the teacher Pia Gasser and the baker Jon Luzi, resigned in protest.")
    asked = analyse(question)
    read = [span(of, "the teacher Pia Gasser and the baker Jon Luzi", -5.0)]
    weighed = weigh_all(asked, read, [of], PLAIN)
    verdict = listed(asked, weighed, Verdict("not_found", None, 0.1), PLAIN, 0.5)
    assert verdict.short == given


def test_where_things_come_from_is_all_that_is_named() -> None:
    of = hit("The money came from the Marlow Trust, a local brewery and the members.")
    asked = analyse("Where did the money come from?")
    weighed = weigh_all(asked, [span(of, "the Marlow Trust", 8.0)], [of], PLAIN)
    assert enumerated(asked, weighed, decide(weighed, PLAIN, 1.0)).short == (
        "the Marlow Trust, a local brewery and the members")


@pytest.mark.parametrize(("question", "cause"), [
    ("Why was the season called off?", "The lift broke and hurt a carpenter"),
    ("Why did the lift break?", None),
])
def test_a_cause_may_stand_before_what_came_of_it(question: str, cause: str | None) -> None:
    of = hit("The lift broke and hurt a carpenter, so the season was called off.")
    found = widened(analyse(question), [], [of])
    assert [c.text for c in found] == ([cause] if cause else [])


def test_items_in_several_sentences_are_all_quoted() -> None:
    of = hit("The winner of the first cup was Tolm. The winner of the second cup was Brae.")
    asked = analyse("Which towns were winners of the cups?")
    found = [span(of, "Tolm", 8.0), span(of, "Brae", 7.0)]
    weighed = weigh_all(asked, found, [of], PLAIN)
    verdict = listed(asked, weighed, decide(weighed, PLAIN, 1.0), PLAIN, 0.1)
    assert verdict.short == "Tolm; Brae"
    assert [q.text[-5:] for q in verdict.quotes] == ["Tolm.", "Brae."]


def test_things_are_enumerated_with_where_they_are() -> None:
    text = "He used it to buy a farm in Lund, a boat and a $4m house in Tolm, and gave $5m to Ames."
    at = text.index("a farm")
    start, end = enumeration(text, at, at + len("a farm"), 0, len(text))
    assert text[start:end] == "a farm in Lund, a boat and a $4m house in Tolm"
    text = "He met a man in Lund and the police arrested him."
    assert enumeration(text, 7, 12, 0, len(text)) == (7, 12)


def test_things_are_enumerated_to_their_end_and_no_further() -> None:
    of = hit("They built it from an old printer, two bicycle chains and a camera in one week.")
    asked = analyse("What did they build it from?")
    weighed = weigh_all(asked, [span(of, "old printer", 8.0)], [of], PLAIN)
    verdict = enumerated(asked, weighed, decide(weighed, PLAIN, 1.0))
    assert verdict.short == "an old printer, two bicycle chains and a camera"


@pytest.mark.parametrize(("text", "cut", "whole"), [
    ("Walkers need the map, the rope of the guide and a good torch.",
     "the rope of the guide and a good torch",
     "the map, the rope of the guide and a good torch"),
    ("They took a lamp, two cups, the rope and a torch.", "the rope",
     "a lamp, two cups, the rope and a torch"),
    ("In the evening, the band and a choir sang.", "the band and a choir",
     "the band and a choir"),
    ("They met after the war, the farmer and a nurse of his.", "the farmer and a nurse",
     "the farmer and a nurse"),
])
def test_things_are_enumerated_from_the_first_on(text: str, cut: str, whole: str) -> None:
    of = hit(text)
    asked = analyse("What do they name?")
    weighed = weigh_all(asked, [span(of, cut, 8.0)], [of], PLAIN)
    assert enumerated(asked, weighed, decide(weighed, PLAIN, 1.0)).short == whole


def test_a_reason_is_a_whole_clause_and_not_a_denied_one() -> None:
    of = hit("They do not attack because you are the hero. They attack because light hurts them.")
    asked = analyse("Why do they attack?")
    found = widened(asked, [span(of, "you are the hero", 5.0), span(of, "light hurts", 4.0)], [of])
    assert found[0].text == "because light hurts them"
    texts = {c.text: c.margin for c in found}
    assert texts["because you are the hero"] < 0


def test_a_reason_goes_on_behind_a_quotation_mark() -> None:
    of = hit("She left because, as she put it, “the work was done by two”, and she was bored.")
    found = widened(analyse("Why did she leave?"), [span(of, "the work was done", 4.0)], [of])
    assert "the work was done by two" in found[0].text


def test_a_reason_is_neither_what_came_of_it_nor_the_question_again() -> None:
    of = hit("Tolm recalls the cars after a fault was found, sending its shares down. "
             "Moor wept after the old ferry sank in a storm.")
    found = widened(analyse("Why does Tolm recall the cars?"), [span(of, "fault", 4.0)], [of])
    assert found[0].text == "after a fault was found"
    asked = analyse("Why did the ferry sink?")
    assert "after the old ferry sank in a storm" not in {
        c.text for c in widened(asked, [span(of, "the old ferry sank in a storm", 4.0)], [of])}


def test_a_reason_keeps_the_words_that_it_quotes() -> None:
    of = hit('They left because the rain was near and "nothing grows under hail". Ann sang.')
    found = widened(analyse("Why did they leave?"), [span(of, "the rain was near", 4.0)], [of])
    assert found[0].text == 'because the rain was near and "nothing grows under hail"'


def test_a_reason_goes_on_after_who_says_so() -> None:
    of = hit("Lund voted against it because, he said, staff were already overworked.")
    found = widened(analyse("Why did Lund vote against it?"), [span(of, "staff", 4.0)], [of])
    assert found[0].text == "because, he said, staff were already overworked"
    assert "because" not in {c.text for c in found}


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Nigeria has yet to respond to the move.", "Did Nigeria respond?", True),
        ("Nigeria responded at once.", "Did Nigeria respond?", False),
        ("The report was never published.", "Was the report published?", True),
        ("Not all came; the report was published.", "Was the report published?", False),
    ],
)
def test_what_is_denied(text: str, question: str, expected: bool) -> None:
    assert negated(text, analyse(question)) is expected


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The Russian Expeditionary Corps (REK) said", "REK", "Russian Expeditionary Corps"),
        ("the World Health Organization (WHO).", "W.H.O.", "World Health Organization"),
        ("the IMF (International Monetary Fund)", "IMF", "International Monetary Fund"),
        ("Doctors Without Borders (MSF) came", "MSF", "Doctors Without Borders"),
        ("the Office of Public Integrity (OPI),", "OPI", "Office of Public Integrity"),
        ("He went home (USA).", "USA", None),
        ("The REK came.", "REK", None),
    ],
)
def test_what_an_abbreviation_stands_for(text: str, short: str, long: str | None) -> None:
    found = expansion(text, short)
    assert (text[found[0] : found[1]] if found else None) == long


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ("They asked Ana Ruiz, the mayor of Tolm, about it.", "Ana Ruiz", "the mayor of Tolm"),
        ("Velm is a small town on the Orr, with a mill.", "Velm", "a small town on the Orr"),
        ("It ousted elected President Mohamed Bazoum.", "Mohamed Bazoum", "elected President"),
        ("It ousted elected President Mohamed Bazoum.", "Bazoum",
         "elected President Mohamed Bazoum"),
        ("It was led by General Karl Tann.", "Tann", "General Karl Tann"),
        ("The junta, led by General Karl Tann, fell.", "Karl Tann",
         "The junta, led by General Karl Tann"),
        ("The elected government of President Mohamed Bazoum fell.", "Bazoum",
         "President Mohamed Bazoum"),
        ("The police arrested Anna Bell on Monday.", "Anna Bell", None),
        ("Yesterday Anna Bell opened the fair.", "Anna Bell", None),
        ("Critics accuse Anna Bell of fraud.", "Anna Bell", None),
        ("The mayor thanked Anna Bell for it.", "Anna Bell", None),
        ("After meeting Anna Bell, the president flew home.", "Anna Bell", None),
        ("The hall was named for the surgeon Anna Bell.", "Anna Bell", "the surgeon"),
        ("It came to light when a clerk, Anna Bell, rang.", "Anna Bell", "a clerk"),
        ("He joined Tolm Aid, a charity founded in 1990.", "Tolm Aid",
         "a charity founded in 1990"),
        ("Teacher Olga Ferro said so.", "Olga Ferro", "Teacher"),
        ("A fishing boat, the Petrel, takes the post.", "Petrel", "A fishing boat"),
        ("They dived to the wreck of the Petrel.", "Petrel", None),
        ("It was won by the comic singer Ana Ruiz.", "Ruiz", "the comic singer"),
        ("Colonel Ana Ruiz, a pilot who trained in Lund, left.", "Ana Ruiz", "a pilot"),
        ("It sailed with a cook and a boy, Carl Tann, on board.", "Carl Tann", "a boy"),
        ("A cook and the author of two books, Ana Ruiz, left.", "Ana Ruiz",
         "A cook and the author of two books"),
        ("It met Orlandian Foreign Minister Ana Ruiz.", "Ana Ruiz", "Orlandian Foreign Minister"),
        ("On Monday Foreign Minister Ana Ruiz left.", "Ana Ruiz", "Foreign Minister"),
        ("Ana Ruiz left early.", "Ana Ruiz", None),
        ("“It is thin,” said Ana Ruiz, of the climbing club Tolm Peaks.", "Ana Ruiz", None),
        ("“It is thin,” said Ana Ruiz, of the climbing club Tolm Peaks, which sued.", "Ana Ruiz",
         "of the climbing club Tolm Peaks"),
        ("“It is thin,” junta spokesman Col Ana Ruiz told the radio.", "Ana Ruiz",
         "junta spokesman"),
        ("So said deputy mayor Ida Brandt and external member Ana Ruiz.", "Ana Ruiz",
         "external member"),
        ("Dr Ana Ruiz sang.", "Ana Ruiz", None),
        ("Tolm Air, a firm of owners from Ames, Brae and Carn Point.", "Tolm Air",
         "a firm of owners from Ames, Brae and Carn Point"),
    ],
)
def test_who_is_who(text: str, name: str, what: str | None) -> None:
    verdict = identified(analyse(f"Who is {name}?"), [hit(text)])
    assert (verdict.short if verdict else None) == what


def test_whose_somebody_is_stands_in_the_quote() -> None:
    of = hit("The Alliance will vote against it. Its leader, Ana Ruiz, sang. Nobody heard it.")
    verdict = identified(analyse("Who is Ana Ruiz?"), [of])
    assert verdict is not None
    assert (verdict.short, verdict.quotes[0].text) == (
        "Its leader", "The Alliance will vote against it. Its leader, Ana Ruiz, sang.")


@pytest.mark.parametrize(("text", "years"), [
    ("Two workers, Carl Dorn, 34, and Ana Ruiz, 27, were hurt.", "27"),
    ("Ana Ruiz, a 27-year-old welder, was hurt.", "27"),
    ("Ana Ruiz (27) was hurt.", "27"),
    ("Ana Ruiz, aged 27, was hurt.", "27"),
    ("Ana Ruiz, 27 metres up, fell.", None),
    ("Ana Ruiz, 27, fell. Ana Ruiz, 28, was hurt.", None),
])
def test_an_age_stands_beside_its_name(text: str, years: str | None) -> None:
    verdict = aged(analyse("How old is Ana Ruiz?"), [hit(text)])
    assert (verdict.short if verdict else None) == years


def test_a_reason_is_of_what_is_asked_and_rather_because_than_after() -> None:
    of = hit("The Petrel was searched for until noon, after the storm fell, because oil was seen. "
             "The owner of the Petrel was praised because he helped.")
    found = widened(analyse("Why was the Petrel searched for?"), [], [of])
    assert [c.text for c in found] == ["because oil was seen",
                                       "after the storm fell, because oil was seen"]


def test_types_of_answers() -> None:
    assert [fits("money", t) for t in ("60 tonnes", "7 km", "60", "a fifth", "20 percent")] == [
        0.0, 0.0, 1.0, 0.0, 1.0]
    assert fits("number", "six men") == fits("money", "£3") == fits("date", "last July") == 1.0
    assert fits("number", "the men") == fits("date", "the mill") == fits("person", "14") == 0.0
    assert fits("person", "the driver") == fits("duration", "nine") == fits("date", "at 20") == 0.5
    assert fits("date", "the month") == fits("date", "day") == fits("date", "in the year") == 0.0
    assert fits("date", "this month") == fits("date", "the day before") == 1.0
    assert fits("any", "the men") == 0.5
    assert fits("reason", "it rained", "They left because ") == 1.0


@pytest.mark.parametrize(("question", "text", "words", "whole"), [
    ("Which kiosks will close?", "It will close its kiosks at Gull Point and Hessle Quay in May.",
     "its kiosks", "its kiosks at Gull Point and Hessle Quay"),
    ("Which mills burned?", "In May two mills near Varde burned.", "two mills",
     "two mills near Varde"),
    ("Which animals did he sell?", "He sold his goats in March.", "his goats", "his goats"),
    ("Which farms won?", "The prize of Varde went to Holm in Lossing.", "Holm", "Holm"),
    ("What did he sell?", "He sold his goats in Varde.", "his goats", "his goats"),
])
def test_which_ones_are_told_apart_by_names(
    question: str, text: str, words: str, whole: str
) -> None:
    one = span(hit(text), words, 5.0)
    assert text[one.start : told_apart(analyse(question), one, one.start, one.end)] == whole
