"""The README says what is there: its commands, its code and its tree are held to the clone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rag import cli

FILES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands below a heading, down to the next one."""
    return re.split(r"^## ", text.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.M)[0]


def blocks(text: str) -> list[str]:
    """The code blocks of a Markdown text, by indentation or fences, without their indentation."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.M | re.S)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    indented = re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", rest, flags=re.M)
    return [*fenced, *(re.sub(r"^ {4}", "", block, flags=re.M) for block in indented)]


def tree(block: str) -> dict[str, str]:
    """Map each path of a tree, drawn by two spaces a level, to what is said about it."""
    said: dict[str, str] = {}
    trail: list[str] = []
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, _, words = line.strip().partition("  ")
        trail = [*trail[:depth], name.rstrip("/")]
        said["/".join(trail)] = words.strip()
    return said


def test_every_make_target_that_is_named_exists(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.M))
    for name in FILES:
        text = (root / name).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^ {4}\$? ?|`)make ([a-z]+)", text, flags=re.M))
        assert named <= targets, name
    assert {"ask", "chat", "test", "help"} <= targets


def test_every_command_is_shown(readme: str) -> None:
    [commands] = [a.choices for a in cli.parser()._actions if a.dest == "command"]
    assert commands is not None
    shown = "\n".join(blocks(readme))
    for command in commands:
        assert f"rag {command} " in shown, f"the README does not show rag {command}"


def test_every_option_that_is_shown_exists(readme: str) -> None:
    [commands] = [a.choices for a in cli.parser()._actions if a.dest == "command"]
    seen = 0
    for line in "\n".join(blocks(readme)).splitlines():
        if found := re.match(r"(?:\$ )?rag ([a-z]+) (.*)", line):
            known = commands[found[1]]._option_string_actions  # type: ignore[index]
            for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", found[2].partition("#")[0]):
                assert option in known, line
                seen += 1
    assert seen >= 4


def test_the_python_example_does_what_it_says(readme: str, root: Path) -> None:
    [code] = [block for block in blocks(section(readme, "From Python")) if "import" in block][:1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("100 ")
    assert "100 Russian military instructors have already arrived in Niamey" in done.stdout


def test_the_answer_that_is_shown_is_the_one_that_is_given(readme: str, root: Path) -> None:
    [shown] = [block for block in blocks(readme) if block.startswith("$ make ask\n")]
    done = subprocess.run(
        [sys.executable, "-m", "rag", "ask", "--articles", "seeds",
         "how many Russian instructors arrived?"],
        capture_output=True, text=True, cwd=root, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    def told(text: str) -> str:
        return re.sub(r"\d+%", "...", text.strip())  # the calibrator may learn; the words stay

    assert told(shown.partition("\n")[2]) == told(done.stdout)


def test_the_tree_is_the_clone(readme: str, root: Path) -> None:
    [block] = blocks(section(readme, "What is where"))
    said = tree(block)
    assert [path for path in said if not (root / path).exists()] == []
    assert [path for path, words in said.items() if not words] == []
    for folder in ("rag", "index", "ui", "eval"):
        here = [path for path in (root / folder).iterdir()
                if (path.suffix == ".py" and not path.stem.startswith("__"))
                or (path / "__init__.py").is_file()]  # fmt: skip
        missing = {path.relative_to(root).as_posix() for path in here} - set(said)
        assert missing == set(), "add these to the tree of the README"


def test_every_link_into_the_clone_leads_somewhere(root: Path) -> None:
    for name in FILES:
        text = (root / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (root / target).exists(), f"{name} links to {target}"
