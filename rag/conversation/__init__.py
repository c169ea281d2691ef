"""A follow-up and its history become a question that stands alone, or the reply to small talk.

Example:
    >>> from rag.conversation import resolve
    >>> resolve("Who leads the junta?", []).kind
    'standalone'
"""

from rag.conversation.dialogue import Resolved, Shelf, carried, last_cited, resolve

__all__ = ["Resolved", "Shelf", "carried", "last_cited", "resolve"]
