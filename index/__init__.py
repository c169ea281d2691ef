"""The program ``python -m index``: builds, describes, verifies and repairs an index."""
