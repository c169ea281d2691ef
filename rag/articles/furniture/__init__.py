"""Which parts of an article's text are page furniture: kept in the text, never evidence.

``mark`` looks at one text; ``outline`` and ``recurring_lines`` add what only the whole folder
shows: lines that several articles carry.
"""

from rag.articles.furniture.corpus import Outline, outline, recurring_lines
from rag.articles.furniture.marking import mark

__all__ = ["Outline", "mark", "outline", "recurring_lines"]
