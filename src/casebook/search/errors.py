"""The error of this room: a search that cannot be done as asked, with the remedy."""

from __future__ import annotations


class SearchError(ValueError):
    """What was asked, why it cannot be searched, and what to ask instead."""
