"""Every error that this package raises on purpose.

    RagError
    ├── UserError               a mistake that the person can mend; the command line exits with 2
    │   ├── ArticlesError       the folder of articles is missing, empty or unreadable
    │   ├── QuestionError       the question is empty, too long or not text
    │   ├── SettingsError       a setting has a value that cannot be
    │   ├── ModelError          a model is not there, or is not what it says it is
    │   └── StoreError          the index cannot be used as it is
    │       ├── IndexMismatch   it was built with other settings, another model or another format
    │       ├── IndexLocked     another process is writing to it
    │       └── IndexDamaged    its truth is damaged; the message names the command that mends it
    └── CitationError           a quote is not in its article (a defect, never shown as an answer)

Messages are one line: what happened, with the value, and what mends it.
"""


class RagError(Exception):
    """Root of the tree."""


class UserError(RagError):
    """A mistake that the person can mend."""


class ArticlesError(UserError):
    """The folder of articles is missing, empty or unreadable."""


class QuestionError(UserError):
    """The question is empty, too long or not text."""


class SettingsError(UserError):
    """A setting has a value that cannot be."""


class ModelError(UserError):
    """A model is not there, or is not what it says it is."""


class StoreError(UserError):
    """The index cannot be used as it is."""


class IndexMismatch(StoreError):
    """The index was built with other settings, another model or another format."""


class IndexLocked(StoreError):
    """Another process is writing to the index."""


class IndexDamaged(StoreError):
    """The truth of the index is damaged."""


class CitationError(RagError):
    """A quote is not in its article, character for character."""
