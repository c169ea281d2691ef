"""From the reader's spans to an answer that stands: what may answer, what agrees, how sure."""
