"""Grow a question set: start one, turn an asked question into a case, take in feedback."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from eval.cases import (
    KINDS,
    ExpectedConversation,
    QuestionSet,
    SetError,
    load,
    parse_conversation,
)
from eval.check import faults
from eval.normalise import contains, normalise
from eval.run import RUNS
from eval.texts import texts_in
from rag.errors import UserError
from rag.language import sentences
from rag.options import given_folder
from rag.types import Answer

CASES: Final = "conversations.jsonl"


def init(folder: Path, articles: Path, title: str) -> None:
    """Start a set over a folder of articles.

    Raises:
        UserError: The folder is a set already, or there are no articles.
    """
    if (folder / "set.json").exists():
        raise UserError(f"{folder} is a question set already; add to it with: "
                        f'python -m eval add {folder} "QUESTION"')
    if not texts_in(articles):
        raise UserError(f"no article can be read in {articles}")
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(os.path.relpath(articles.resolve(), folder.resolve())).as_posix()
    about = {"title": title, "articles": place}
    (folder / "set.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    (folder / CASES).touch()


def case_of(
    question: str,
    answer: Answer,
    texts: Mapping[str, str],
    accepted: list[str],
    kind: str | None = None,
    sentence: str | None = None,
) -> dict[str, Any]:
    """Make a turn of an asked question.

    Args:
        question: The question.
        answer: What the assistant said, whose quotes are looked through first.
        texts: The articles: name to text.
        accepted: Accepted answers; none means that the articles do not say.
        kind: Kind of the question; "fact" or "unanswerable" by default.
        sentence: The supporting sentence; by default the first that has the answer, in the
            cited articles before the others.

    Raises:
        UserError: No sentence of the articles has the answer, or the sentence is not there.
    """
    if not accepted:
        return {"question": question, "kind": kind or "unanswerable", "outcome": "not_found"}
    cited = dict.fromkeys(c.article for c in answer.citations)
    order = [*cited, *(name for name in texts if name not in cited)]
    quotes = [c.quote for c in answer.citations]
    for name in order:
        own = [texts[name][a:b] for a, b in sentences.split(texts[name])]
        own.sort(key=lambda s: not any(s.strip() in q or q in s for q in quotes))
        for candidate in own:
            if sentence is not None:
                fits = normalise(sentence) in normalise(candidate)
            else:
                fits = any(contains(normalise(candidate), normalise(a)) for a in accepted)
            if fits:
                support = [{"article": name, "sentence": " ".join(candidate.split())}]
                return {"question": question, "kind": kind or "fact", "outcome": "answered",
                        "answers": accepted, "support": support}
    missing = repr(sentence) if sentence else f"with {' or '.join(map(repr, accepted))}"
    raise UserError(f"no sentence {missing} is in the articles; name it with --sentence")


def append(folder: Path, turn: dict[str, Any], follow: str | None = None) -> str:
    """Append a turn to a set, as a conversation of its own or after another's turns.

    Args:
        folder: The set.
        turn: The turn.
        follow: Id of the conversation that it follows.

    Returns:
        Id of the turn.

    Raises:
        UserError: There is no such conversation, or the turn is not sound.
    """
    existing = load(folder)
    path = folder / CASES
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    rows = [json.loads(line) for line in lines if line.strip()]
    if follow is None:
        name = _free_name(turn["question"], {c.id for c in existing.conversations})
        rows.append({"id": name, "turns": [turn]})
        at = 1
    else:
        _conversation(existing, follow)
        found = next(row for row in rows if row["id"] == follow)
        found["turns"].append(turn)
        name, at = follow, len(found["turns"])
    row = next(row for row in rows if row["id"] == name)
    parse_conversation(row, f"{path} ({name})", folder, folder)
    _replace(path, rows)
    return f"{name}#{at}"


def import_feedback(source: Path, folder: Path) -> tuple[int, list[str]]:
    """Take in conversations that the page kept as feedback, in the format of the sets.

    Args:
        source: JSON lines, one conversation each.
        folder: The set.

    Returns:
        How many were taken in, and one sentence for each that was not.

    Raises:
        UserError: The file cannot be read, or the folder is no set.
    """
    existing = load(folder)
    taken = {c.id for c in existing.conversations}
    articles = existing.folder / json.loads((folder / "set.json").read_text())["articles"]
    rows, left = [], []
    try:
        lines = source.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {source}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        try:
            row = _completed(json.loads(line), texts_in(articles))
            conversation = parse_conversation(row, where, folder, articles)
        except (SetError, json.JSONDecodeError) as error:
            left.append(str(error) if isinstance(error, SetError) else f"{where}: {error}")
            continue
        if conversation.id in taken:
            left.append(f"{where}: {conversation.id!r} is in the set already")
            continue
        last = conversation.turns[-1]
        # Lines from before there were verdicts show a wrong answer by what they forbid.
        if last.outcome == "not_found" and (last.forbidden or conversation.verdict == "wrong"):
            left.append(f"{where}: {last.question!r} was answered wrong, but nobody said what is "
                        "right; write it into the line and import it again")
            continue
        alone = type(existing)(existing.name, "", folder, (conversation,))
        wrong = faults(alone, texts_in)
        if wrong:
            left += wrong
            continue
        taken.add(conversation.id)
        rows.append(row)
    path = folder / CASES
    before = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    _replace(path, [*(json.loads(line) for line in before if line.strip()), *rows])
    return len(rows), left


def _completed(row: Any, texts: Mapping[str, str]) -> Any:
    """Give corrections that came without a sentence the first one that has them."""
    turns = row.get("turns", []) if isinstance(row, dict) else []
    for turn in turns if isinstance(turns, list) else []:
        if isinstance(turn, dict) and turn.get("answers") and turn.get("support") == []:
            wanted = [normalise(str(a)) for a in turn["answers"]]
            for name, text in texts.items():
                own = [" ".join(text[a:b].split()) for a, b in sentences.split(text)]
                fits = [s for s in own if any(contains(normalise(s), w) for w in wanted)]
                if fits:
                    turn["support"] = [{"article": name, "sentence": fits[0]}]
                    # A wrong answer out of the same sentence comes with its quote: no offence.
                    turn["forbidden"] = [
                        f for f in turn.get("forbidden", [])
                        if not contains(normalise(fits[0]), normalise(str(f)))
                    ]
                    break
    return row


def _conversation(existing: QuestionSet, name: str) -> ExpectedConversation:
    known = {c.id: c for c in existing.conversations}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4) or list(known)[:3]
        raise UserError(f"no conversation {name!r} in {existing.folder}"
                        + (f"; there is {' or '.join(near)}" if near else ""))
    return known[name]


def _replace(path: Path, rows: list[dict[str, Any]]) -> None:
    new = path.with_suffix(".new")
    new.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
                   encoding="utf-8")
    new.replace(path)


def _free_name(question: str, taken: set[str]) -> str:
    words = re.findall(r"[a-z0-9]+", normalise(question))
    name = "-".join(words[:6]) or "case"
    number = 1
    while (name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return name if number == 1 else f"{name}-{number}"


def _init(options: argparse.Namespace) -> int:
    init(options.folder, options.articles, options.title or f"Questions about {options.articles}")
    print(f'{options.folder}: add a first case with: python -m eval add {options.folder} '
          '"QUESTION"')
    return 0


def _add(options: argparse.Namespace) -> int:
    from rag.assistant import Assistant

    about = load(options.folder)
    before = _conversation(about, options.follow).turns if options.follow else ()
    place = options.folder / json.loads((options.folder / "set.json").read_text())["articles"]
    with Assistant.open(place, RUNS / "indexes" / f"add-{about.name}") as assistant:
        chat = assistant.conversation()
        for earlier in before:
            chat.ask(earlier.question, earlier.filters)
        answer = chat.ask(options.question)
    if answer.question != answer.asked:
        print(f"searched for: {answer.question}")
    print(answer.text)
    accepted = list(options.answer)
    if options.right:
        accepted = [answer.short] if answer.short else []
    elif not accepted and not options.not_found:
        accepted = _prompt(answer)
    kind = options.kind or ("follow-up" if before and accepted else None)
    turn = case_of(options.question, answer, texts_in(place), accepted, kind, options.sentence)
    print(f"added {append(options.folder, turn, options.follow)}: {json.dumps(turn)}")
    return 0


def _prompt(answer: Answer) -> list[str]:
    try:
        said = input(f"right answer [{answer.short or 'the articles do not say'}], or - when "
                     "the articles do not say: ").strip()
    except EOFError:
        raise UserError("say what is right with --right, --answer or --not-found") from None
    if said == "-" or not (said or answer.short):
        return []
    return [said or str(answer.short)]


def _import(options: argparse.Namespace) -> int:
    taken, left = import_feedback(options.source, options.folder)
    for reason in left:
        print(f"left out: {reason}")
    print(f"{options.folder}: took in {taken}, left out {len(left)}")
    return 0


def add_parsers(commands: Any) -> None:
    """Declare the commands of this module."""
    one = commands.add_parser("init", help="start a set for your own articles")
    one.add_argument("folder", type=Path)
    one.add_argument("--articles", type=given_folder, required=True)
    one.add_argument("--title")
    two = commands.add_parser("add", help="ask a question and keep it as a case")
    two.add_argument("folder", type=Path)
    two.add_argument("question")
    two.add_argument("--answer", action="append", default=[], help="an accepted answer")
    two.add_argument("--right", action="store_true", help="what the assistant says is right")
    two.add_argument("--not-found", action="store_true", help="the articles do not say")
    two.add_argument("--kind", choices=KINDS)
    two.add_argument("--sentence", help="the supporting sentence, or a part of it")
    two.add_argument("--follow", metavar="ID", help="append it to this conversation")
    three = commands.add_parser("import-feedback", help="take in feedback that the page kept")
    three.add_argument("source", type=Path)
    three.add_argument("folder", type=Path)


COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "init": _init, "add": _add, "import-feedback": _import,
}
