"""What a learner has written so far, part by part, with a finished answer behind it where one was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.checks import Finding


class Kept:
    """Parts by the names they have in an Answer. Records that accumulate (audits) are merged by their id."""

    def __init__(self, case_id: str, borrowed: Answer | None = None, code: str = "") -> None:
        self.case_id = case_id
        self.borrowed = borrowed
        self.code = code
        self._parts: dict[str, Any] = {}

    def put(self, **parts: Any) -> list[str]:
        """Keep these parts; returns the names that are still blank. What is blank is borrowed, if it can be."""
        from casebook.answer import Answer

        for name, value in parts.items():
            # A part that cannot be taken raises here, where it was written, and does not spoil the others.
            Answer.from_names(self.case_id, {name: value})
            self._parts[name] = self._merged(name, value)
        answer = self.answer()
        return [name for name in parts if is_blank(getattr(answer, name))]

    def answer(self) -> Answer:
        """The whole answer: what was written, else what was borrowed."""
        from casebook.answer import Answer

        written = Answer.from_names(self.case_id, {**self._parts, "code": self.code})
        if self.borrowed is None:
            return written
        from dataclasses import fields, replace

        lent = {
            field.name: getattr(self.borrowed, field.name)
            for field in fields(written)
            if field.name not in ("case_id", "code") and is_blank(getattr(written, field.name))
        }
        return replace(written, **lent)

    def _merged(self, name: str, value: Any) -> Any:
        if name != "audits":
            return value
        new = list(value) if isinstance(value, list | tuple) else [value]
        ids = {getattr(item, "id", None) for item in new}
        return [item for item in self._parts.get(name, []) if getattr(item, "id", None) not in ids] + new


def is_blank(value: Any) -> bool:
    """True where nothing was written."""
    return value is None or value == () or value == [] or value == ""


def borrowed_answer(path: str | Path | None, case_id: str) -> Answer | None:
    """The answer in a JSON file; a ValueError in plain words where it is of another case."""
    if not path:
        return None
    from casebook.answer import Answer
    from casebook.facts.variant_id import base_id

    answer = Answer.from_json(Path(path).read_text(encoding="utf-8"))
    if base_id(answer.case_id) != base_id(case_id):
        raise ValueError(
            f"{path} answers the case {answer.case_id!r}, and this notebook is about {case_id!r}. "
            "Give the file of this case, or leave answer_path = None."
        )
    if answer.case_id == case_id:
        return answer
    return Answer(case_id).with_parts(**{name: getattr(answer, name) for name in answer.answered()})


# The order in which a workbook asks for the parts: a check speaks up at the last part that it looks at.
ORDER = (
    "questions",
    "assumptions",
    "time_plan",
    "hypothesis",
    "metrics",
    "constraints",
    "scope",
    "prediction",
    "design",
    "notes",
    "handoffs",
    "data_plan",
    "alternative",
    "tradeoff",
    "table",
    "sizing",
    "phases",
    "rollout",
    "risks",
    "cadence",
    "cadences",
    "pushbacks",
    "close",
)


def looked_at(
    findings: Sequence[Finding],
    names: Sequence[str],
    answer: Answer,
    needs: Mapping[str, Sequence[str]],
) -> tuple[list[Finding], list[tuple[Finding, list[str]]]]:
    """Findings that concern these parts: those that can be decided now, and those that wait for an earlier part."""
    now: list[Finding] = []
    later: list[tuple[Finding, list[str]]] = []
    for finding in findings:
        wanted = needs.get(finding.id, ())
        if not wanted or max(wanted, key=_place) not in names:
            continue
        missing = [name for name in wanted if is_blank(getattr(answer, name))]
        if not missing:
            now.append(finding)
        elif not set(missing) & set(names):
            later.append((finding, missing))
    return now, later


def _place(part: str) -> int:
    return ORDER.index(part) if part in ORDER else len(ORDER)
