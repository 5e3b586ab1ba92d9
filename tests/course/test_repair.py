"""A submission rebuilt from its release: what is repaired and told, what is refused, what runs would see."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from casebook.course.errors import CourseError, Refused
from casebook.course.intake import take_in
from casebook.course.repair import Rebuilt, Release, blank, load_release, rebuild
from tests.course.masters import answer, cell, check, filled, notebook, prose


@pytest.fixture
def release(tmp_path: Path) -> Release:
    cells = [
        cell("code", "setup", "from casebook.answer import Metric", locked=True),
        answer("a", "a = 0"),
        check("first", 10),
        answer("b", "b = 0"),
        check("second", 5),
        prose("close", "Write your answer here.", 8),
    ]
    made = notebook(cells)
    for item in made["cells"]:
        if item["metadata"]["nbgrader"]["solution"] and item["cell_type"] == "code":
            item["source"] = item["source"].split("\n")[0]
    folder = tmp_path / "week-1"
    folder.mkdir()
    (folder / "week-1.ipynb").write_text(json.dumps(made))
    return load_release(folder)


def hand_in(release: Release, made: dict[str, Any]) -> Rebuilt:
    return rebuild(release, take_in(json.dumps(made).encode()))


def sources(notebook: dict[str, Any]) -> dict[str, str]:
    return {item["metadata"]["nbgrader"]["grade_id"]: item["source"] for item in notebook["cells"]}


ANSWERS = {"answer-a": "a = 1", "answer-b": "b = 2", "prose-close": "My close."}


def test_the_release_tells_what_its_cells_are_worth(release: Release) -> None:
    assert release.points == {"first": 10.0, "second": 5.0}
    assert release.prose == {"prose-close": 8.0}
    assert (release.assignment, release.case_id, release.rubric) == ("week-1", "week-1", "stability")


def test_an_honest_submission_is_taken_over_word_for_word(release: Release) -> None:
    rebuilt = hand_in(release, filled(release.notebook, ANSWERS))
    assert rebuilt.repairs == ()
    assert {name: sources(rebuilt.notebook)[name] for name in ANSWERS} == ANSWERS
    assert rebuilt.touched == frozenset(ANSWERS)


def test_a_changed_checker_is_put_back_and_told(release: Release) -> None:
    made = filled(release.notebook, ANSWERS | {"check-first": "10.0", "setup": "import os"})
    rebuilt = hand_in(release, made)
    assert sources(rebuilt.notebook)["check-first"] == sources(release.notebook)["check-first"]
    assert sources(rebuilt.notebook)["setup"] == sources(release.notebook)["setup"]
    (told,) = rebuilt.repairs
    assert "restored" in told
    assert "setup, check-first" in told


def test_of_a_doubled_cell_the_last_filled_one_counts(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    made["cells"].insert(1, made["cells"][1] | {"source": "a = 100"})
    made["cells"].append(made["cells"][2] | {"source": "a = None"})
    assert sources(hand_in(release, made).notebook)["answer-a"] == "a = 1"
    assert any("3 times" in note for note in hand_in(release, made).repairs)


def test_a_missing_cell_comes_back_empty(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    del made["cells"][3], made["cells"][0]
    rebuilt = hand_in(release, made)
    assert list(sources(rebuilt.notebook)) == list(sources(release.notebook))
    assert sources(rebuilt.notebook)["answer-b"] == "b = None"
    assert rebuilt.repairs == ("Missing and put back as released: setup, answer-b.",)


def test_a_cell_that_lost_its_name_is_recognised_by_cell_id_or_by_what_it_assigns(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    made["cells"][1]["metadata"] = {}
    made["cells"][3]["metadata"] = {}
    made["cells"][3]["id"] = "fresh"
    made["cells"][3]["source"] = "b = 2if 1else 3"  # Python warns of this; only the learner should see that
    with warnings.catch_warnings(record=True) as shown:
        rebuilt = hand_in(release, made)
    assert shown == []
    assert sources(rebuilt.notebook)["answer-a"] == "a = 1"
    assert sources(rebuilt.notebook)["answer-b"] == "b = 2if 1else 3"
    assert sum("lost its name" in note for note in rebuilt.repairs) == 2


def test_a_cell_turned_into_text_is_turned_back(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    made["cells"][1]["cell_type"] = "markdown"
    rebuilt = hand_in(release, made)
    assert rebuilt.notebook["cells"][1]["cell_type"] == "code"
    assert "turned back" in rebuilt.repairs[0]


def test_forged_points_names_and_outputs_stay_outside(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    for item in made["cells"]:
        item["metadata"]["nbgrader"]["points"] = 1000
        item["metadata"]["nbgrader"]["grade"] = False
        item["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "10"}}]
    rebuilt = hand_in(release, made)
    honest = hand_in(release, filled(release.notebook, ANSWERS))
    assert rebuilt.notebook == honest.notebook


def test_another_notebook_is_refused(release: Release) -> None:
    with pytest.raises(Refused, match="not the notebook of week-1"):
        hand_in(release, notebook([cell("code", "answer-elsewhere", "z = 1", solution=True)]))


def test_cells_of_ones_own_are_counted_and_run_in_order_but_not_graded(release: Release) -> None:
    made = filled(release.notebook, ANSWERS)
    own = {"cell_type": "code", "metadata": {}, "source": "helper = 3", "outputs": []}
    made["cells"].insert(1, own)
    rebuilt = hand_in(release, made)
    assert rebuilt.sequence == ("from casebook.answer import Metric", "helper = 3", "a = 1", "b = 2")
    assert rebuilt.repairs == ("1 code cell of your own is not graded.",)
    assert "helper = 3" not in sources(rebuilt.notebook).values()


def test_a_blank_stands_in_for_what_was_refused(release: Release) -> None:
    assert sources(blank(release)) == sources(release.notebook)


@pytest.mark.parametrize("text", ["{", '{"cells": [{"metadata": {"nbgrader": {"grade": true}}}]}', "[]"])
def test_a_damaged_release_names_the_command_that_makes_it_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(CourseError, match="casebook release"):
        load_release(tmp_path)


def test_no_release_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="casebook release"):
        load_release(tmp_path / "nothing")
