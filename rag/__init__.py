"""Ask a folder of articles; get the exact answer with its quote, or "the articles do not say"."""
