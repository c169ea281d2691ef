"""A folder of articles kept in step with its index, and searched: the truth, vectors and words."""
