"""Measure the assistant on question sets: run, compare, report. Run as ``python -m eval``."""
