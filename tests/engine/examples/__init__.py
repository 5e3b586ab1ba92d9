"""Three short examples for the docs: a question, a picture from real runs, and the answer."""
