"""The tables of the truth, and the version of their format.

``index/README.md`` describes every field. ``FORMAT`` rises with every change that an older
program could misread; ``PIPELINE`` with every change to reading, furniture or splitting that
should make stored articles be read again (their vectors are kept where the words are the same).
"""

from __future__ import annotations

FORMAT = 1
PIPELINE = 3
APPLICATION = 0x52414731  # "RAG1", in the file's header
DATABASE = "index.sqlite3"
SEAL = "index.seal"
LOCK = "index.lock"
VECTORS = "vectors-{generation}.faiss"

TABLES = """
CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    json TEXT NOT NULL,
    checksum BLOB NOT NULL
);
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    published TEXT,
    furniture BLOB NOT NULL,
    outline TEXT NOT NULL,
    text_digest BLOB NOT NULL,
    checksum BLOB NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (id),
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    source BLOB NOT NULL,
    checksum BLOB NOT NULL,
    vector BLOB NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (article, ordinal)
);
CREATE INDEX passages_source ON passages (source);
CREATE TABLE skipped (name TEXT PRIMARY KEY, reason TEXT NOT NULL, known TEXT) WITHOUT ROWID;
CREATE TABLE edges (line INTEGER, article INTEGER, PRIMARY KEY (line, article)) WITHOUT ROWID;
CREATE TABLE dead (id INTEGER PRIMARY KEY);
CREATE VIEW passage_words AS
    SELECT passages.id AS id, articles.title AS title, passages.text AS text
    FROM passages JOIN articles ON articles.id = passages.article;
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = 'passage_words', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
