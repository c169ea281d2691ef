"""Yes/no questions: what a sentence decides, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Assistant

HARBOUR = """Harbour ferry strikes breakwater

Port Ellory. Fourteen people were taken to hospital on Tuesday after the passenger ferry Saint
Brannoc hit the breakwater in thick fog. No one was killed, the police said.

The council had not ordered a spare part. The harbour master, Joan Pettifer, resigned on Friday. She
has not spoken to the press. The repair cost 3.5 million crowns. The hose is not included in the
price of the repair kit. Tickets remain valid until 30 April.
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
    # Said of somebody else, or of nothing that is there.
    ("Did the captain resign?", None),
    ("Were more than ten dogs taken to hospital?", None),
    ("Has Anna Pettifer spoken to the press?", None),
])
def test_yes_no_or_neither(harbour: Assistant, question: str, short: str | None) -> None:
    answer = harbour.ask(question)
    assert answer.short == short
    assert (answer.outcome == "answered") == (short is not None)
