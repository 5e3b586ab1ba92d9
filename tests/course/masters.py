"""A course folder with a small master, made by program: what the grading tests release and grade."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "stability-moderation"
ANSWERS = {
    "hypothesis": (
        'hypothesis = Hypothesis("for digital artists who sell here, decide what is published: '
        'toxic uploads from 1 % of uploads to 0.7 % of uploads")'
    ),
    "metrics": (
        "metrics = [\n"
        '    Metric("toxic uploads -30 % relative within 3 months", kind="primary", baseline="1 % of uploads"),\n'
        '    Metric("false positive rate < 5 % weekly", kind="guardrail"),\n'
        '    Metric("p99 latency < 200 ms over 1 week", kind="guardrail", span="upload to verdict"),\n'
        "]"
    ),
    "rollout": (
        'rollout = Rollout("MVP 8 weeks; 5 % of users for 2 weeks, if false positive rate < 5 %; '
        '100 % of users for 4 weeks")'
    ),
    "close": (
        'close = Close(goal="Toxic uploads fall by 30 % within 3 months.", design="One small model.", '
        'plan="Everybody by day 90.", question="Which complaints may we train on?")'
    ),
}
PROSE = "Three in ten toxic pictures are gone by spring."


def cell(kind: str, grade_id: str, source: str, **marks: Any) -> dict[str, Any]:
    """One cell of a master; ``marks`` are nbgrader's grade, solution, locked and points."""
    full = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | marks
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": grade_id[:60],
        "metadata": {"nbgrader": full | {"grade_id": grade_id}},
        "source": source,
    }
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def answer(name: str, solution: str) -> dict[str, Any]:
    source = f"{name} = None\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return cell("code", f"answer-{name}", source, solution=True)


def check(cell_id: str, points: float) -> dict[str, Any]:
    source = f"from casebook.course import check_cell\ncheck_cell({ASSIGNMENT!r}, {cell_id!r}, globals())"
    return cell("code", f"check-{cell_id}", source, grade=True, locked=True, points=points)


def prose(name: str, solution: str, points: float) -> dict[str, Any]:
    return cell("markdown", f"prose-{name}", solution, grade=True, solution=True, points=points)


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def small_master() -> dict[str, Any]:
    """Three test cells of the real rubric, each behind the answers it looks at, and a close to be read."""
    from casebook.checks import load_rubric

    worth = {found.id: found.points for found in load_rubric("stability", ASSIGNMENT).cells}
    imports = "from casebook.answer import Close, Hypothesis, Metric, Rollout"
    return notebook(
        [
            cell("code", "setup", imports, locked=True),
            answer("hypothesis", ANSWERS["hypothesis"]),
            answer("metrics", ANSWERS["metrics"]),
            check("frame", worth["frame"]),
            answer("rollout", ANSWERS["rollout"]),
            check("rollout", worth["rollout"]),
            answer("close", ANSWERS["close"]),
            check("close", worth["close"]),
            prose("close", PROSE, 10),
        ]
    )


def course_with(folder: Path, master: dict[str, Any], values: str = f"assignment: {ASSIGNMENT}\n") -> Path:
    """A course folder holding ``master``, the shipped nbgrader_config.py and a judge's file."""
    (folder / "source" / ASSIGNMENT).mkdir(parents=True)
    (folder / "autograde" / "judge").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    (folder / "autograde" / "judge" / f"{ASSIGNMENT}.yaml").write_text(values, encoding="utf-8")
    path = folder / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(master, indent=1), encoding="utf-8")
    return folder


def filled(release: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """The released notebook as a learner would hand it in: ``answers`` maps grade ids to cell text."""
    made: dict[str, Any] = json.loads(json.dumps(release))
    for item in made["cells"]:
        grade_id = item["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            item["source"] = answers[grade_id]
    return made


def full_answers() -> dict[str, str]:
    """Every answer cell of the small master, filled in as its solution is."""
    return {f"answer-{name}": text for name, text in ANSWERS.items()} | {"prose-close": PROSE}


def hand_in(course: Path, student: str, submission: dict[str, Any] | str | bytes) -> Path:
    """Put a submission where nbgrader collects it; returns the notebook's path."""
    path = course / "autograde" / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(submission) if isinstance(submission, dict) else submission
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def released(course: Path) -> dict[str, Any]:
    """The released notebook of a course."""
    path = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made
