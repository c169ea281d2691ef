"""Ask a folder of articles; get the exact answer with its quote, or "the articles do not say".

Example:
    >>> from rag import Assistant
    >>> assistant = Assistant.open("seeds")  # a folder of articles; builds or refreshes its index
    >>> assistant.ask("how many Russian instructors arrived?").short
    '100'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.assistant import Assistant, Conversation
    from rag.errors import (
        ArticlesError,
        CitationError,
        IndexDamaged,
        IndexLocked,
        IndexMismatch,
        ModelError,
        QuestionError,
        RagError,
        SettingsError,
        StoreError,
        UserError,
    )
    from rag.search.library import Library
    from rag.settings import Settings
    from rag.types import (
        Answer,
        Article,
        Candidate,
        Citation,
        Filters,
        Hit,
        Passage,
        Skipped,
        Stage,
        Turn,
    )

__version__ = "0.1.0"

# Each public name and its module; a module is imported when one of its names is first used.
_WHERE = {
    **dict.fromkeys(("Assistant", "Conversation"), "rag.assistant"),
    **dict.fromkeys(("Library",), "rag.search.library"),
    **dict.fromkeys(("Settings",), "rag.settings"),
    **dict.fromkeys(
        ("Answer", "Article", "Candidate", "Citation", "Filters", "Hit", "Passage", "Skipped",
         "Stage", "Turn"),
        "rag.types",
    ),
    **dict.fromkeys(
        ("ArticlesError", "CitationError", "IndexDamaged", "IndexLocked", "IndexMismatch",
         "ModelError", "QuestionError", "RagError", "SettingsError", "StoreError", "UserError"),
        "rag.errors",
    ),
}  # fmt: skip

__all__ = [
    "Answer",
    "Article",
    "ArticlesError",
    "Assistant",
    "Candidate",
    "Citation",
    "CitationError",
    "Conversation",
    "Filters",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexMismatch",
    "Library",
    "ModelError",
    "Passage",
    "QuestionError",
    "RagError",
    "Settings",
    "SettingsError",
    "Skipped",
    "Stage",
    "StoreError",
    "Turn",
    "UserError",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
