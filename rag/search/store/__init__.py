"""The truth of an index: articles, passages, vectors and words in one SQLite file.

Every change of one article is one transaction, readers see one version, and every row carries a
checksum. ``index/README.md`` describes the files field by field.
"""
