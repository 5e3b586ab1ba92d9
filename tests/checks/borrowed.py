"""An answer borrowed from another case: names and numbers rewritten, the thinking left as it was."""

from __future__ import annotations

import json
import re
from typing import Any

from casebook.answer import Answer
from casebook.checks import examples
from casebook.design import Design
from casebook.facts import load_case_data
from tests.checks.mutations import answered_cases, strong

_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w]*[.]?\w)")
_RAW = frozenset({"design", "alternative", "questions", "audits", "pushbacks"})
_IDS = frozenset({"kind", "stance", "rank", "share_percent", "of"})


class Borrower:
    """Rewrites an answer to ``source`` as one to ``case``: persona, requests, parts, owners, and every number.

    ``measures`` also renames what is measured, the goal to the goal: somebody who has understood what this case is
    about, and still thought nothing of it through.
    """

    def __init__(self, case: str, source: str, *, measures: bool = False) -> None:
        self.here, self.there = load_case_data(case), load_case_data(source)
        self.answer = strong(source)
        # One after the other, as somebody does who renames parts from top to bottom.
        self.slots = {their.id: mine.id for their, mine in zip(self.there.slots, self.here.slots, strict=False)}
        self.words = self._words(measures)
        longest = sorted(self.words, key=len, reverse=True)
        self.pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in longest), re.IGNORECASE)

    def _words(self, measures: bool) -> dict[str, str]:
        here, there = self.here, self.there
        words = {there.persona: here.persona, there.unit.requests: here.unit.requests,
                 there.unit.request: here.unit.request, there.decision: here.decision}
        for their, mine in self.slots.items():
            words |= {their: mine, there.slot(their).title: here.slot(mine).title}
        words |= dict(zip(there.owners, here.owners, strict=False))
        if measures:
            for their_target, my_word in self._measures():
                words |= dict.fromkeys((*their_target.words, their_target.title), my_word)
        return {word.casefold(): other for word, other in words.items() if word}

    def _measures(self) -> list[tuple[Any, str]]:
        """Their targets with our words for ours: by role, what is left one after the other."""
        left, pairs, rest = list(self.here.targets), [], []
        for their in self.there.targets:
            match = next((mine for mine in left if mine.role == their.role), None)
            if match is None:
                rest.append(their)
            else:
                left.remove(match)
                pairs.append((their, examples.word(match, self.here)))
        return [*pairs, *((their, examples.word(mine, self.here)) for their, mine in zip(rest, left, strict=False))]

    def text(self, told: str) -> str:
        """The words of one text, rewritten, and every number made another one."""
        return _NUMBER.sub(_other, self.pattern.sub(lambda found: self.words[found.group(0).casefold()], told))

    def rewritten(self, value: Any) -> Any:
        """A part of the answer, names and numbers rewritten."""
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float):
            return other_number(float(value))
        if isinstance(value, list):
            return [self.rewritten(item) for item in value]
        return {key: item if key in _IDS else self.rewritten(item) for key, item in value.items()}

    def design(self, theirs: Design | None) -> dict[str, str] | None:
        """Where they chose the second option of a part, the borrower chooses our second."""
        if theirs is None:
            return None
        chosen: dict[str, str] = {}
        for their, mine in self.slots.items():
            at = [option.id for option in self.there.slot(their).options].index(theirs.choices[their])
            options = self.here.slot(mine).options
            chosen[mine.replace("-", "_")] = options[min(at, len(options) - 1)].id
        return chosen

    def questions(self) -> list[dict[str, str]]:
        """For each of theirs, one of ours about the same thing."""
        left = list(self.here.questions)
        asked = []
        for question in self.answer.questions:
            topic = next((item.maps_to for item in self.there.questions if item.id == question.id), "")
            match = next((item for item in left if item.maps_to == topic), None) or (left[0] if left else None)
            if match is not None:
                left.remove(match)
                asked.append({"id": match.id})
        return asked[: int(self.here.asking.allowed)]


def other_number(value: float) -> float:
    """Another number of the same size and form; 100 stays what it is, for a rollout ends there."""
    if value in (0, 100):
        return value
    made = value * (0.6, 1.4, 0.7, 1.5)[int(abs(value) * 7) % 4]
    return max(1.0, round(made)) if value.is_integer() and value >= 1 else float(f"{made:.3g}")


def _other(found: re.Match[str]) -> str:
    text = found.group(0)
    made = other_number(float(text.replace(",", "")))
    return f"{made:,.0f}" if "." not in text else f"{made:.3g}"


def borrowed(case: str, source: str, *, measures: bool = False) -> Answer:
    """The strong answer to ``source``, rewritten for ``case``."""
    borrower = Borrower(case, source, measures=measures)
    data: dict[str, Any] = json.loads(borrower.answer.to_json())
    data.pop("format")
    made = {name: value if name in _RAW else borrower.rewritten(value) for name, value in data.items()}
    made["case_id"] = case
    for metric in made.get("metrics", []):
        # A short form and the keyword beside it say the same thing twice: the text is kept.
        metric.pop("baseline", None)
        metric.pop("span", None)
    for name in ("design", "alternative"):
        made[name] = borrower.design(getattr(borrower.answer, name))
    made["questions"] = borrower.questions()
    made["audits"] = [{"id": mine.id, "value": told.get("value")} for mine, told in
                      zip(borrower.here.audits, data.get("audits", []), strict=False)]
    made["pushbacks"] = [told | {"id": mine.id, "because": borrower.text(told.get("because", ""))} for mine, told in
                         zip(borrower.here.pushbacks, data.get("pushbacks", []), strict=False)]
    return Answer.from_json(json.dumps(made))


def sources(case: str) -> list[str]:
    """One case of every other article, the first by name, and the nearest of its own article: whence one borrows."""
    own = load_case_data(case).article
    first: dict[str, str] = {}
    for other in answered_cases():
        if other != case:
            first.setdefault(load_case_data(other).article, other)
    return sorted(first.values(), key=lambda name: (load_case_data(name).article == own, name))
