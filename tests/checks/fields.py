"""One field of an answer changed, by its path, the way a learner would have typed it otherwise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from casebook.answer import Answer

EXAMPLES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))


def field_of(answer: Answer, path: str) -> Any:
    """The value at ``metrics[1].text`` in the answer's JSON."""
    value: Any = json.loads(answer.to_json())
    for step in _steps(path):
        value = value[step] if isinstance(step, int) else value.get(step, "")
    return value


def with_field(answer: Answer, path: str, value: Any) -> Answer:
    """The answer with another value at ``path``; a choice of the design keeps the knobs that still apply."""
    first, _, rest = path.partition(".")
    if first in ("design", "alternative"):
        return replace(answer, **{first: getattr(answer, first).changed(**{rest: value})})
    data = json.loads(answer.to_json())
    place: Any = data
    steps = _steps(path)
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return Answer.from_json(json.dumps(data))


def _steps(path: str) -> list[str | int]:
    return [int(piece) if piece.isdigit() else piece for piece in re.findall(r"[a-z_]+|\d+", path)]


def passing(answer: Answer, example: dict[str, Any]) -> Answer:
    """The fixture that passes: the strong answer, with the example's ``setup`` where it needs one."""
    for path, value in example.get("setup", {}).items():
        answer = with_field(answer, path, value)
    return answer
