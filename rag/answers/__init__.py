"""Answers that are not one span: lists, who is who, sayings, summaries, and why there is none."""
