"""How checks recognise what a short text is about: the words of a case for its targets, slots and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from casebook.checks.casefile import target_words

if TYPE_CHECKING:
    from casebook.answer import Metric
    from casebook.facts import CaseData

_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> tuple[str, ...]:
    """Lower-case words of a text, in order."""
    return tuple(_WORD.findall(text.lower()))


def mentions(text: str, phrase: str) -> bool:
    """True where the words of ``phrase`` stand in ``text`` one after the other (plurals included)."""
    said, wanted = words(text), words(phrase)
    if not wanted or len(wanted) > len(said):
        return False
    return any(
        all(_same(said[start + i], wanted[i]) for i in range(len(wanted)))
        for start in range(len(said) - len(wanted) + 1)
    )


def _same(said: str, wanted: str) -> bool:
    return said == wanted or said.rstrip("s") == wanted.rstrip("s")


def topics(text: str, vocabulary_of: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Ids whose phrases the text mentions, the longest phrase first: 'false positive rate' is not 'rate'."""
    found: dict[str, int] = {}
    for topic, phrases in vocabulary_of.items():
        lengths = [len(words(phrase)) for phrase in phrases if mentions(text, phrase)]
        if lengths:
            found[topic] = max(lengths)
    return tuple(sorted(found, key=lambda topic: (-found[topic], topic)))


def target_of(text: str, data: CaseData) -> str | None:
    """Id of the case's target a text is about, or None."""
    found = topics(text, target_words(data))
    return found[0] if found else None


def is_about(text: str, target: str | None, data: CaseData) -> bool:
    """True where the text mentions this target, whatever else it mentions."""
    return target is not None and target in topics(text, target_words(data))


def metric_for(target: str, metrics: Iterable[Metric], data: CaseData) -> Metric | None:
    """The first committed metric that is about this target."""
    return next((metric for metric in metrics if target_of(metric.name, data) == target), None)


def owner_of(name: str, known: tuple[str, ...]) -> str | None:
    """The function a name means: equal but for case and the word 'team'."""
    said = [word for word in words(name) if word not in ("team", "the")]
    return next((owner for owner in known if list(words(owner)) == said), None)


def quoted(text: str, limit: int = 90) -> str:
    """The learner's own words in quotation marks, cut to a length a finding can carry."""
    text = " ".join(text.split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"


def money(usd: float) -> str:
    """A sum as a person writes it: $1,240 or $0.0123."""
    return f"${usd:,.0f}" if abs(usd) >= 100 else f"${usd:,.2f}" if abs(usd) >= 1 else f"${usd:.4f}"
