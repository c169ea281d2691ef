"""English words: stems, names, nationalities, opposites, verbs, sentences, paragraphs and labels.

Knows nothing of questions, articles' files or models.
"""
