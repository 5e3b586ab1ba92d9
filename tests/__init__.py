"""The tests; a package, because another installed one also calls itself tests."""
