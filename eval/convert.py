"""Make question sets from the files of public benchmarks: SQuAD, BEIR, and plain CSV.

Each converter writes a folder in the format of ``eval/sets/README.md``, articles included, so
that everything else (runs, reports, comparisons) works on it as on any other set.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from eval.cases import KINDS
from rag.errors import UserError
from rag.language import sentences


def squad(source: Path, folder: Path, limit: int = 0) -> int:
    """Convert SQuAD 1.1 or 2.0 JSON: one article per title, one conversation per question.

    Questions of SQuAD were asked about one paragraph that the asker saw; asked over all
    articles, some of them are ambiguous.

    Args:
        source: The JSON file.
        folder: The set to make.
        limit: Most questions; 0 for all.

    Returns:
        The number of questions.

    Raises:
        UserError: The file is not SQuAD's, or the folder is not empty.
    """
    try:
        documents = json.loads(source.read_text(encoding="utf-8"))["data"]
        files: dict[str, str] = {}
        lines: list[dict[str, Any]] = []
        for number, document in enumerate(documents):
            name = f"{number:05d}-{_slug(document['title'])}.txt"
            contexts = [paragraph["context"] for paragraph in document["paragraphs"]]
            files[name] = "\n\n".join([document["title"].replace("_", " "), *contexts]) + "\n"
            for paragraph in document["paragraphs"]:
                lines += [_squad_line(q, paragraph["context"], name) for q in paragraph["qas"]]
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise UserError(f"{source} is not a SQuAD file: {error!r}") from error
    return _write(folder, f"SQuAD questions of {source.name}", files, lines, limit)


def _squad_line(question: dict[str, Any], context: str, article: str) -> dict[str, Any]:
    turn: dict[str, Any] = {"question": question["question"], "kind": "unanswerable",
                            "outcome": "not_found"}
    if not question.get("is_impossible", False):
        spans = sentences.split(context)
        starts = sorted({a["answer_start"] for a in question["answers"]})
        support = dict.fromkeys(
            context[a:b] for start in starts for a, b in spans if a <= start < b
        )
        turn |= {
            "kind": "fact", "outcome": "answered",
            "answers": list(dict.fromkeys(a["text"] for a in question["answers"])),
            "support": [{"article": article, "sentence": s} for s in support],
        }
    return {"id": question["id"], "turns": [turn]}


def beir(source: Path, folder: Path, limit: int = 0) -> int:
    """Convert a BEIR folder: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv``.

    BEIR judges documents, so a whole article supports a query, and a query without answers is
    right when a citation is from a relevant article.

    Args:
        source: The folder, or a file of its ``qrels``.
        folder: The set to make.
        limit: Most queries; 0 for all.

    Returns:
        The number of queries with a relevant document.

    Raises:
        UserError: The folder is not BEIR's, or the new one is not empty.
    """
    qrels = source if source.is_file() else source / "qrels" / "test.tsv"
    base = source.parent.parent if source.is_file() else source
    try:
        names: dict[str, str] = {}
        files: dict[str, str] = {}
        for number, document in enumerate(_json_lines(base / "corpus.jsonl")):
            name = f"{number:07d}-{_slug(document['_id'])}.txt"
            names[document["_id"]] = name
            files[name] = f"{document.get('title') or ''}\n\n{document['text']}\n".lstrip()
        texts = {q["_id"]: q["text"] for q in _json_lines(base / "queries.jsonl")}
        relevant: dict[str, list[str]] = {}
        with qrels.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0 and row["corpus-id"] in names:
                    relevant.setdefault(row["query-id"], []).append(names[row["corpus-id"]])
        lines = [
            {"id": query, "turns": [{
                "question": texts[query], "kind": "fact", "outcome": "answered",
                "support": [{"article": name} for name in found],
            }]}
            for query, found in relevant.items()
        ]
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise UserError(f"{source} is not a BEIR folder: {error!r}") from error
    return _write(folder, f"BEIR queries of {base.name}", files, lines, limit)


def table(source: Path, folder: Path, limit: int = 0) -> int:
    """Convert a CSV file with the columns ``question`` and ``answer``.

    Several accepted answers are separated by ``|``; an empty one means that the articles do not
    say. The columns ``kind``, ``article`` and ``sentence`` are read where they are there. The
    articles are expected in ``articles`` beside the CSV file.

    Args:
        source: The CSV file.
        folder: The set to make.
        limit: Most questions; 0 for all.

    Returns:
        The number of questions.

    Raises:
        UserError: The columns are not there, or the folder is not empty.
    """
    lines = []
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):
                answers = [a.strip() for a in (row["answer"] or "").split("|") if a.strip()]
                kind = (row.get("kind") or "").strip()
                turn: dict[str, Any] = {
                    "question": row["question"],
                    "kind": kind if kind in KINDS else "fact" if answers else "unanswerable",
                    "outcome": "answered" if answers else "not_found",
                }
                if answers:
                    turn["answers"] = answers
                if answers and row.get("article") and row.get("sentence"):
                    turn["support"] = [{"article": row["article"], "sentence": row["sentence"]}]
                lines.append({"id": f"row-{number}", "turns": [turn]})
    except (KeyError, csv.Error, UnicodeDecodeError, OSError) as error:
        raise UserError(f"{source} is not a CSV file with the columns question and answer: "
                        f"{error!r}") from error
    articles = source.resolve().parent / "articles"
    if not articles.is_dir():
        raise UserError(f"the articles of {source} are expected in {articles}")
    return _write(folder, f"Questions of {source.name}", {}, lines, limit, articles)


CONVERTERS: Final[dict[str, Callable[[Path, Path, int], int]]] = {
    "squad": squad, "beir": beir, "csv": table,
}


def _write(
    folder: Path, title: str, files: dict[str, str], lines: Iterable[dict[str, Any]], limit: int,
    articles: Path | None = None,
) -> int:
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} is not empty; name another folder for the set")
    own = folder / "articles"
    own.mkdir(parents=True)
    for name, text in files.items():
        (own / name).write_text(text, encoding="utf-8", errors="replace")
    if articles is not None:
        own.rmdir()
    about = {"title": title, "articles": str(articles) if articles else "articles"}
    (folder / "set.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    kept = list(lines)[: limit or None]
    with (folder / "conversations.jsonl").open("w", encoding="utf-8") as out:
        for line in kept:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(kept)


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _slug(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", flat).strip("-")[:60] or "article"
