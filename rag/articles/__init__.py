"""From a folder of files to articles: formats, titles, furniture, passages, quotes and copies."""
