"""Yes/no questions: the sentence that says so, and what in it or around it says otherwise."""
