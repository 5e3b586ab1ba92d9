"""docs/checks.md says what the checks really say."""

from __future__ import annotations

from tests.checks.make_docs import PAGE, page


def test_page_of_checks_is_what_the_checks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "refresh it: python -m tests.checks.make_docs"
