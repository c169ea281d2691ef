"""Yes/no questions: what a sentence decides, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Assistant

HARBOUR = """Harbour ferry strikes breakwater

Port Ellory. Fourteen people were taken to hospital on Tuesday after the passenger ferry Saint
Brannoc hit the breakwater in thick fog. No one was killed, the police said.

The council had not ordered a spare part. The harbour master, Joan Pettifer, resigned on Friday. She
has not spoken to the press. The repair cost 3.5 million crowns. The hose is not included in the
price of the repair kit. Tickets remain valid until 30 April.

The Kittiwake is the fourth largest ferry on the coast. Anders Holm, who sold nets in Dorne, was
elected chairman of the club. In 2019 he ran a half-marathon. The bread can be frozen before baking.
Some farms on the coast are organic. The fair was cancelled. Only Anders Holm signed the letter. He
would have sold the boat.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("harbour")
    (folder / "ferry.txt").write_text(HARBOUR, "utf-8")
    with Assistant.open(folder, tmp_path_factory.mktemp("index") / "harbour") as assistant:
        yield assistant


@pytest.mark.parametrize(("question", "short"), [
    ("Did the harbour master resign?", "yes"),
    ("Had the council ordered a spare part?", "no"),
    ("Is the hose included?", "no"),
    ("Was anyone killed?", "no"),
    ("Are tickets still valid?", "yes"),
    # A pronoun stands for the name of the sentence before.
    ("Has Joan Pettifer spoken to the press?", "no"),
    # Bounds on what is counted.
    ("Were more than ten people taken to hospital?", "yes"),
    ("Were at least fourteen people taken to hospital?", "yes"),
    ("Were more than fourteen people taken to hospital?", "no"),
    ("Were fewer than 20 people taken to hospital?", "yes"),
    ("Were over 20 people taken to hospital?", "no"),
    ("Were fifty people taken to hospital?", "no"),
    ("Did the repair cost more than 3 million crowns?", "yes"),
    ("Did the repair cost less than 3 million crowns?", "no"),
    # Small parts that change the sense.
    ("Is the Kittiwake the fourth largest ferry on the coast?", "yes"),
    ("Is the Kittiwake the largest ferry on the coast?", "no"),
    ("Was Anders Holm elected chairman of the club?", "yes"),
    ("Was Anders Holm re-elected chairman of the club?", None),
    ("Does Anders Holm still sell nets in Dorne?", None),
    ("Did he run a marathon in 2019?", None),
    ("Can the bread be frozen before baking?", "yes"),
    ("Can the bread be frozen after baking?", None),
    ("Are all farms on the coast organic?", None),
    ("Did the fair take place?", "no"),
    ("Did Anders Holm sign the letter?", "yes"),
    ("Did Joan Pettifer sign the letter?", None),
    ("Did he sell the boat?", None),
    # Said of somebody else, or of nothing that is there.
    ("Did the captain resign?", None),
    ("Were more than ten dogs taken to hospital?", None),
    ("Has Anna Pettifer spoken to the press?", None),
])
def test_yes_no_or_neither(harbour: Assistant, question: str, short: str | None) -> None:
    answer = harbour.ask(question)
    assert answer.short == short
    assert (answer.outcome == "answered") == (short is not None)
