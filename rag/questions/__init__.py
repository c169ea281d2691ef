"""What is asked: whether it may be asked, its kind, and the type of answer that it wants."""
