"""The one error of this room: what is wrong with a reply or a progress file, and what to do."""

from __future__ import annotations


class DrillError(ValueError):
    """A reply that cannot be marked, or a progress file that cannot be used. Nothing was recorded."""
