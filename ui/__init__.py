"""The page: ask the articles in a browser, see the proof, follow up."""
