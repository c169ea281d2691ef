"""The texts of a folder of articles, exactly as the assistant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rag.articles import loading
from rag.settings import Settings
from rag.types import Article, Skipped


@lru_cache(maxsize=64)
def texts_in(folder: Path) -> Mapping[str, str]:
    """Read every article of a folder: name to text. What cannot be read is left out."""
    settings = Settings()
    texts: dict[str, str] = {}
    for found in loading.walk(folder, settings):
        if isinstance(found, Skipped):
            continue
        article = loading.read(found, settings)
        if isinstance(article, Article):
            texts[article.name] = article.text
    return texts
