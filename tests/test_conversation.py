"""Follow-ups become questions that stand alone, made of words that were said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversation import Shelf, carried, resolve
from rag.conversation.history import History
from rag.conversation.resolve import standalone
from rag.language.words import FUNCTION_WORDS, words
from rag.types import Answer, Article, Citation, Turn


def turn(question: str, short: str | None, quote: str = "", title: str = "A title") -> Turn:
    """A turn as the assistant remembers it."""
    cited = (Citation(1, "a.txt", title, quote, 0, len(quote)),) if quote else ()
    outcome = "answered" if short else "not_found"
    return Turn(question, question, Answer(outcome, short or "", short, 0.9, cited, question,
                                           question))


CAPTAIN = turn("Who was the captain of the Halcyon?", "Ruth Amsel",
               "Captain Ruth Amsel told reporters that the rudder stopped answering.")
TRAINERS = turn("How many Norwegian trainers arrived in Peru?", "40",
                "According to Radio Lima, 40 Norwegian trainers arrived in Peru.")
STUDY = turn("Where did Henrik Solberg study?", "the conservatory in Copenhagen",
             "At seventeen he won a place at the conservatory in Copenhagen.")
FOUNDER = turn("Who founded the bakery in Tarn Hollow?", "Silas Ellery",
               "The bakery was founded in 1931 by her grandfather, Silas Ellery, a stonemason.")
CANAL = turn("How long is the Oster Canal?", "84 kilometres",
             "The Oster Canal is a navigable waterway of 84 kilometres.")


@pytest.mark.parametrize(
    ("turns", "asked", "resolved"),
    [
        # Pronouns.
        ([CAPTAIN], "What did she order?", "What did Ruth Amsel order?"),
        ([CAPTAIN], "Who praised her?", "Who praised Ruth Amsel?"),
        ([FOUNDER], "What was his trade?", "What was Silas Ellery’s trade?"),
        ([CANAL], "How many locks does it have?", "How many locks does the Oster Canal have?"),
        ([TRAINERS], "Who sent them?", "Who sent the Norwegian trainers?"),
        ([TRAINERS], "How many of them are women?",
         "How many of the Norwegian trainers that arrived in Peru are women?"),
        ([turn("How many people were on board the ferry Tern?", "61", "61 people were on board.")],
         "How many of them swam?",
         "How many of the people that were on board the ferry Tern swam?"),
        ([turn("Where will the team of Ann Lee look at owls next?", "in the city", "In the city.")],
         "What scares them?", "What scares the owls?"),
        ([turn("What did the prize go to?", "a salted plum", "It went to a salted plum.")],
         "Who made it?", "Who made the salted plum?"),
        # Whom the last question looked for in vain is still meant.
        ([turn("Who was the third victim of the fire in Arlen?", None)],
         "how old was he?", "How old was the third victim of the fire in Arlen?"),
        ([turn("Who started the campaign for the railway?", None)],
         "What did she do for a living?",
         "What did the person who started the campaign for the railway do for a living?"),
        ([turn("Whom did the mill sue?", None)], "What did he say?", "What did he say?"),
        # A pronoun and "the judge" are two people.
        ([turn("What punishment did Desmond Hale receive?", "eleven years")],
         "What did the judge say to him?", "What did the judge say to Desmond Hale?"),
        # A name's ending tells who may be "she"; a place does not act.
        ([turn("Whom did Nils Dahl marry?", "Maria Holt", "Dahl married Maria Holt.")],
         "When did she die?", "When did Maria Holt die?"),
        ([turn("Whom did Nils Dahl marry?", "Maria Holt", "Dahl married Maria Holt.")],
         "When did he die?", "When did Nils Dahl die?"),
        ([turn("Where does the Lister Quartet play?", "the old granary", "In the old granary.")],
         "How many concerts did it give?", "How many concerts did the Lister Quartet give?"),
        ([turn("Where does the Lister Quartet play?", "the old granary", "In the old granary.")],
         "How big is it?", "How big is the old granary?"),
        # Who did it is meant before what he did it with.
        ([STUDY], "When was he born?", "When was Henrik Solberg born?"),
        # Ellipsis.
        ([CAPTAIN], "Since when?",
         "Since when was Ruth Amsel the captain of the Halcyon?"),
        ([TRAINERS], "When?", "When was it that 40 Norwegian trainers arrived in Peru?"),
        ([turn("And how many Norwegian trainers arrived in Peru?", "40")], "When?",
         "When was it that 40 Norwegian trainers arrived in Peru?"),
        ([STUDY], "When?", "When did Henrik Solberg study?"),
        ([STUDY], "With whom?", "With whom did Henrik Solberg study?"),
        ([FOUNDER], "Why?", "Why was it that Silas Ellery founded the bakery in Tarn Hollow?"),
        ([TRAINERS], "And in Chile?", "How many Norwegian trainers arrived in Chile?"),
        ([TRAINERS], "What about the Swedish ones?",
         "How many Swedish trainers arrived in Peru?"),
        ([STUDY], "Why did he do that?", "Why did Henrik Solberg study?"),
        ([turn("How many workers did Carrick bring in?", None, "")], "Where from?",
         "Where did Carrick bring in workers from?"),
        # Corrections.
        ([TRAINERS], "No, I meant the Swedish ones",
         "How many Swedish trainers arrived in Peru?"),
        # What was said.
        ([TRAINERS], "Who said that?", "Who said that 40 Norwegian trainers arrived in Peru?"),
        ([turn("What did Mr Ellis say about herons?", "herons don’t eat bread",
               "“Herons don’t eat bread,” Mr Ellis said.")],
         "Who said that?", "Who said “herons don’t eat bread”?"),
        # Definite mentions.
        ([CAPTAIN, CANAL], "Who maintains the canal?", "Who maintains the Oster Canal?"),
        # "The junta" and "the plane" are nobody's that was named before.
        ([CANAL], "Who leads the junta?", "Who leads the junta?"),
        ([turn("What is Northwind Corps?", "a firm of pilots", "Northwind Corps is a firm.")],
         "Did the plane carry wheat?", "Did the plane carry wheat?"),
        ([TRAINERS], "When was the coup?", "When was the coup?"),
        # What the quote calls somebody, a rank in place of another, and one person said twice.
        ([turn("Whom did Robin Dahl marry?", "Kim Holt", "Robin Dahl sold her house to Kim Holt.")],
         "When did she retire?", "When did Robin Dahl retire?"),
        ([turn("What was the first show of Ann Lee called?", "Mud", "Her first show was Mud.")],
         "And the second?", "What was the second show of Ann Lee called?"),
        ([CAPTAIN], "What did she say of her crew?", "What did Ruth Amsel say of her crew?"),
        ([turn("What did Judge Orla Finn say?", "nothing", "Judge Orla Finn said nothing.")],
         "Who was the judge?", "Who was the judge?"),
        # What stands alone is left alone.
        ([CAPTAIN], "How long is the Oster Canal?", "How long is the Oster Canal?"),
        ([TRAINERS], "Is it true that Bolivia left the union?",
         "Is it true that Bolivia left the union?"),
        ([], "When did he die?", "When did he die?"),
    ],
)
def test_rules_make_a_question_that_stands_alone(
    turns: list[Turn], asked: str, resolved: str
) -> None:
    assert standalone(asked, turns)[0] == resolved


def test_what_was_added_is_told() -> None:
    question, added = standalone("What did she order?", [CAPTAIN])
    assert question == "What did Ruth Amsel order?"
    assert added == ("Ruth Amsel",)


def test_a_change_of_topic_leaks_nothing() -> None:
    asked = "Who is the chair of the Garden Society?"
    assert standalone(asked, [CAPTAIN, TRAINERS, CANAL]) == (asked, ())


def test_the_other_article_is_the_one_that_was_not_cited() -> None:
    shelf = Shelf(("a.txt", "b.txt"), ("A", "B"), ("English",))
    found = resolve("And the other article?", [CAPTAIN], shelf)
    assert found.question == CAPTAIN.question
    assert found.articles == ("b.txt",)
    assert found.kind == "followup"


def test_the_evidence_of_the_newest_turn_is_carried() -> None:
    assert [c.quote for c in carried([CANAL, CAPTAIN])] == [
        "Captain Ruth Amsel told reporters that the rudder stopped answering."]
    assert carried([]) == ()


def test_only_the_newest_turns_are_read() -> None:
    many = [turn(f"Who is Person{i} Example{i}?", f"Name{i} Surname{i}") for i in range(1000)]
    history = History.of(many)
    assert [t.question for t in history.turns] == [
        f"Who is Person{i} Example{i}?" for i in (999, 998, 997, 996)]
    assert len(history.said) == 8
    assert standalone("When was she born?", many)[0] == "When was Name999 Surname999 born?"


def test_a_history_without_answers_breaks_nothing() -> None:
    assert standalone("And when?", [turn("Who led the march?", None)])[0] == (
        "When was it that led the march?")
    assert standalone("Who said that?", [turn("???", None)])[0] == "Who said that?"


texts = st.text(
    st.sampled_from("abcdeABCD 0123 ?.,'’“”-\n"), min_size=1, max_size=60
) | st.lists(
    st.sampled_from(
        "who what when why did does he she they it that there the general group Paris Ann Lee "
        "Russian soldiers arrived 1999 in of and no I meant ones other one this where from his"
        .split()),
    min_size=1, max_size=12,
).map(" ".join)


@settings(deadline=None)  # the first example loads the term model
@given(asked=texts, pasts=st.lists(st.tuples(texts, texts | st.none(), texts), max_size=6))
def test_no_word_is_invented(asked: str, pasts: list[tuple[str, str | None, str]]) -> None:
    turns = [turn(q, a, quote) for q, a, quote in pasts]
    found = resolve(asked, turns)
    said = [asked, *(t for q, a, quote in pasts for t in (q, a or "", quote)), "A title"]
    known = {part for text in said for m in words(text) for part in parts(m[0])}
    for match in words(found.question):
        for part in parts(match[0]):
            assert part in known | FUNCTION_WORDS, (part, found.question)
    for phrase in found.added:
        assert any(part in known for m in words(phrase) for part in parts(m[0]))


def parts(word: str) -> list[str]:
    """The word without its apostrophes: a possessive ending is no word of its own."""
    return [p for p in word.casefold().replace("’", "'").split("'") if p]


@pytest.mark.parametrize("asked", ["Hello", "thanks", "Who are you?", "What can I ask?", "ok, bye"])
def test_small_talk_is_answered_about_the_assistant(asked: str) -> None:
    found = resolve(asked, [CAPTAIN], Shelf(("a.txt",), ("The ferry",), ("English",)))
    assert found.kind == "smalltalk"
    assert found.reply


@pytest.mark.parametrize("asked", [
    "Thanks for that. When was it built?", "Thank you for the answer! Who leads it?",
    "thanks for that and when did it open", "How does it work?", "What should we do?"])
def test_what_asks_something_is_no_small_talk(asked: str) -> None:
    found = resolve(asked, [CAPTAIN], Shelf(("a.txt",), ("The ferry",), ("English",)))
    assert found.kind != "smalltalk"


def test_the_reply_names_the_articles() -> None:
    shelf = Shelf(tuple("abcdefg"), tuple(f"Title {c}" for c in "ABCDEFG"), ("English",))
    reply = resolve("What can I ask?", [], shelf).reply
    assert reply is not None
    assert "7 articles" in reply
    assert "“Title A”, “Title B”, “Title C”, “Title D”, “Title E” and 2 more" in reply


@pytest.mark.parametrize(
    "asked",
    ["Who are the instructors?", "Thanks. Who leads the band?", "What is up with the bridge?",
     "Hello, how long is the canal?", "How are the bees doing?"],
)
def test_a_question_is_not_small_talk(asked: str) -> None:
    assert resolve(asked, []).kind == "standalone"


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("Wie lang ist der Kanal?", "German"), ("Wo liegt Harnau?", "German"),
        ("Combien d'écluses y a-t-il sur le canal ?", "French"),
        ("¿Cuántas esclusas tiene el canal?", "Spanish"),
        ("Quante chiuse ha il canale?", "Italian"), ("Hoe lang is het kanaal?", "Dutch"),
        ("Сколько шлюзов на канале?", "Russian"), ("运河有多少个船闸？", "Chinese"),
        ("كم عدد الأقفال في القناة؟", "Arabic"),
    ],
)
def test_a_question_in_another_language_is_told_so(asked: str, language: str) -> None:
    found = resolve(asked, [], Shelf(("a",), ("A",), ("English",)))
    assert found.kind == "foreign"
    assert found.reply == (f"The question seems to be in {language}, and the articles are in "
                           "English. Please ask in English.")


@pytest.mark.parametrize(
    "asked",
    ["Who is Juan de la Cruz?", "What is El Niño?", "When did Heinz Steinitz die?", "Halcyon?",
     "Who directed La Dolce Vita?", "Is Macron president?", "How many?"],
)
def test_names_do_not_make_a_question_foreign(asked: str) -> None:
    assert resolve(asked, [], Shelf(("a",), ("A",), ("English",))).kind != "foreign"


def test_a_german_question_about_german_articles_is_no_stranger() -> None:
    german = Article("k.txt", "Der Kanal", "Der Kanal ist lang und die Schleusen sind alt.", "0")
    shelf = Shelf.of([german])
    assert shelf.languages == ("German",)
    assert resolve("Wie lang ist der Kanal?", [], shelf).kind == "standalone"
    assert resolve("How long is the canal and where is it?", [], shelf).kind == "foreign"


SHELF = Shelf(("a.txt", "b.txt", "c.txt"),
              ("The ferry Halcyon", "The bakery of Tarn Hollow", "The Oster Canal"), ("English",))


@pytest.mark.parametrize(
    ("asked", "articles", "topic"),
    [
        ("What are these articles about?", (), None),
        ("Summarise the articles", (), None),
        ("tl;dr", (), None),
        ("Summarise the second one", ("b.txt",), None),
        ("What is the third article about?", ("c.txt",), None),
        ("Summarise the last one", ("c.txt",), None),
        ("Summarise the article about the Oster Canal", ("c.txt",), None),
        ("What do they say about the oven?", (), "the oven"),
        ("What do the articles say about Silas Ellery?", (), "Silas Ellery"),
        ("Summarise the locks", (), "the locks"),
    ],
)
def test_a_wish_for_a_summary_is_read(
    asked: str, articles: tuple[str, ...], topic: str | None
) -> None:
    found = resolve(asked, [], SHELF)
    assert (found.kind, found.articles, found.topic) == ("summary", articles, topic)


def test_the_subject_of_a_summary_is_resolved() -> None:
    found = resolve("What do the articles say about her?", [CAPTAIN], SHELF)
    assert (found.kind, found.topic) == ("summary", "Ruth Amsel")


def test_summarise_it_means_the_article_that_was_cited() -> None:
    assert resolve("Summarise it", [CAPTAIN], SHELF).articles == ("a.txt",)


@pytest.mark.parametrize(
    "asked", ["What is the canal about?", "What did they say about the coup?",
              "Summarise the ninth one"])
def test_other_questions_are_no_wish_for_a_summary(asked: str) -> None:
    assert resolve(asked, [], SHELF).kind == "standalone"
