"""What the seeds room says when a file cannot be trusted: one exception, with place and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SeedError(ValueError):
    """A seeds file (or a request for a seed) is wrong.

    ``file`` is the path inside ``seeds/``, ``key`` the way to the value (``slots.serving.options.cpu``),
    ``problem`` what is wrong with the value found there and ``remedy`` what to write instead.
    """

    def __init__(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        self.remedy = remedy
        where = f"seeds/{file}" + (f" at {key}" if key else "")
        super().__init__(f"{where}: {problem}. {remedy}")


def near_miss(word: str, known: Iterable[str], limit: int = 12) -> str:
    """A remedy that suggests the closest known names, or lists what there is when nothing is close."""
    names = sorted(set(known))
    close = get_close_matches(word, names, n=3, cutoff=0.6)
    if not close:
        folded = {name.lower(): name for name in names}
        close = [folded[hit] for hit in get_close_matches(word.lower(), list(folded), n=3, cutoff=0.6)]
    if close:
        return "Did you mean " + " or ".join(repr(name) for name in close) + "?"
    shown = ", ".join(names[:limit]) + (f", … ({len(names)} in all)" if len(names) > limit else "")
    return f"Known names are: {shown}." if names else "There are none yet."
