"""Every row of the requirement list with the notebook cell, the check and the test where it lives."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casebook.checks.registry import all_checks
from casebook.course.build import _completed
from casebook.course.build_fill import Filler, Setting
from casebook.course.build_text import read_authored
from casebook.drills import deck
from casebook.facts import case_ids, frameworks, load_article, load_case_data, read_seed
from casebook.facts.loader import ARTICLES

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = ("cases", "frameworks", "probes", "numbers", "rules", "mistakes", "contradictions", "scripts", "notes")
_REFERENCE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_.\-]*)")
_TESTS = {
    "cases": "tests/facts/test_rows.py::test_every_case_with_its_role",
    "frameworks": "tests/facts/test_frameworks.py::test_a_form_is_practised_judged_and_shown_on_the_board",
    "probes": "tests/facts/test_rows.py::test_every_probe_with_its_case_and_what_it_changes",
    "numbers": "tests/facts/test_numbers.py::test_every_figure_with_its_unit_and_no_other",
    "rules": "tests/facts/test_rows.py::test_every_rule_of_the_rubrics",
    "mistakes": "tests/facts/test_rows.py::test_every_mistake_says_where_it_shows",
    "contradictions": "tests/facts/test_contradictions.py::test_worked_out_again",
    "scripts": "tests/facts/test_rows.py::test_notes_and_scripts",
    "notes": "tests/facts/test_rows.py::test_notes_and_scripts",
}
_DRILLED = "tests/drills/test_deck.py::test_each_choice_is_told_what_breaks_with_it"
_NUMBERED = "tests/drills/test_deck.py::test_a_number_is_right_within_its_tolerance_and_nowhere_else"
_SEPARATED = "tests/checks/test_separation.py::test_strong_answer_scores_at_least_95_percent"
_FLIPPED = "tests/checks/test_single_field.py::test_one_changed_field_flips_the_check_and_only_what_the_fixture_names"
_AUDITED = "tests/facts/test_audits.py::test_a_number_recomputes_and_is_told_from_its_neighbours"


# Universal checks that no single answer can be held against: two answers of one person, and the rubric's caps.
_PRESSED = "tests/checks/test_caps.py::test_a_deal_breaker_holds_the_score_at_its_cap"
_COPIED = "tests/checks/test_alike.py::test_a_borrowed_answer_is_found_with_an_example"
ELSEWHERE = {"U24": ("Wording used for two cases", _COPIED), "U26": ("Deal breakers of the rubrics", _PRESSED)}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a built notebook, or of an assignment: its path and the cell's id."""

    notebook: str
    cell: str

    def __str__(self) -> str:
        return f"{Path(self.notebook).stem}#{self.cell}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where a learner meets it, what judges it (ids of checks and exercises, or how), what shows it."""

    id: str
    section: str
    title: str
    cells: tuple[Place, ...]
    judges: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> Iterator[Row]:
    """Every fact of the five articles, then every universal check and every check of a case."""
    for name in ARTICLES:
        for fact in load_article(name).facts:
            yield _fact_row(fact)
    for check_id, check in sorted(all_checks().items()):
        yield Row(check_id, "checks", check.title, _cells_of_check(check_id), (check_id,), (_FLIPPED,))
    for check_id, (title, test) in ELSEWHERE.items():
        yield Row(check_id, "checks", title, _cells_of_check(check_id), (check_id,), (test,))


def _fact_row(fact: Any) -> Row:
    cells = [*_cells_by_fact()[fact.id]]
    article = fact.id.removeprefix("F-").replace(".", "-").split("-")[0].lower()
    cells.append(Place("notebooks/09-look-it-up.ipynb", f"facts-{article}"))
    same = f"{fact.fact_id}." if fact.fact_id else "\n"  # a contradiction that two articles share
    drills = [drill for drill in deck() if fact.id in drill.rows or drill.id.startswith(same)]
    judges = [drill.id for drill in drills] + _checks_of(fact)
    tests = [_TESTS.get(fact.section, _TESTS["notes"])]
    if drills:
        tests.append(_NUMBERED if drills[0].asks == "number" else _DRILLED)
    return Row(fact.id, fact.section, fact.title or fact.text, tuple(dict.fromkeys(cells)),
               tuple(dict.fromkeys(judges)) or (_read(fact),), tuple(dict.fromkeys(tests)))  # fmt: skip


def _read(fact: Any) -> str:
    """How a row that nobody is asked about is judged: the loader recomputes it, or holds its kind, unit and origin."""
    return "recomputed on loading" if fact.derive else "held on loading (kind, unit, origin)"


@cache
def _cells_by_fact() -> dict[str, list[Place]]:
    """Fact → cells whose authored text names it: as a figure, or as an exercise that practises it; case data too."""
    found: dict[str, list[Place]] = defaultdict(list)
    practised = {drill.id: drill.rows for drill in deck()}
    for path in sorted((ROOT / "authored").glob("*.py")):
        text = _completed(read_authored(path, f"authored/{path.name}"), path)
        target, mode = text.head["notebook"], text.head["mode"]
        written = Filler(ROOT / "authored", mode, text.head.get("rubric", ""))
        opened = list(written._opened(text, Setting(text.head.get("case", ""))))
        built = Filler(ROOT / "authored", mode, text.head.get("rubric", "")).cells(text)
        for (cell, at), made in zip(opened, built, strict=True):
            here = Place(target, made.id)
            for reference in _REFERENCE.findall(cell.text):
                found[reference].append(here)
            match = re.match(r'drill\("([^"]+)"', made.text)
            for row in practised.get(match.group(1), ()) if match else ():
                found[row].append(here)
            if at.case_id and made.kind == "code" and made.id.endswith("board"):
                for fact_id in _facts_of_case(at.case_id):
                    found[fact_id].append(here)
    return found


@cache
def _facts_of_case(case_id: str) -> tuple[str, ...]:
    """Facts that a case's data names, its own case row first."""
    text = json.dumps(read_seed(f"cases/{case_id}.yaml"))
    named = re.findall(r'"fact": "([^"]+)"|fact:([A-Za-z0-9_.\-]+)|\{\{([A-Za-z0-9_.\-]+)', text)
    own = re.split(r"[/,]", str(load_case_data(case_id).case))
    return tuple(dict.fromkeys([*(part.strip() for part in own), *("".join(item) for item in named)]))


def _checks_of(fact: Any) -> list[str]:
    """Checks that judge the fact: those of its framework, those of a case that names it, rubric rows that name it."""
    for form in frameworks():
        if form.fact == fact.id:
            return list(form.checks)
    made = []
    for case_id in case_ids():
        data = load_case_data(case_id)
        if fact.id in re.split(r"[/,]", str(data.case)):
            made += [f"rubric {data.rubric}" if getattr(data, "rubric", "") else "rubric"]
        for entry in getattr(data, "checks", ()):
            if getattr(entry, "fact", "") == fact.id:
                made.append(entry.id)
        for target in data.targets:
            if getattr(target, "fact", "") == fact.id:
                made.append(f"target {case_id}/{target.id}")
        if fact.id in _facts_of_case(case_id) and fact.section == "cases" and not made:
            made.append(f"case {case_id}")
    made += [f"rubric {rubric}" for rubric in _rubrics_of(fact)]
    return made


def _rubrics_of(fact: Any) -> list[str]:
    """Rubrics that name the fact; a rule of an article is carried out by that article's rubric."""
    book = read_seed("rubrics.yaml")
    named = [item["id"] for item in book["rubrics"] if f'"{fact.id}"' in json.dumps(item)]
    if not named and fact.section == "rules":
        named = [item["id"] for item in book["rubrics"] if fact.id.startswith(f"{item['article']}.")]
    return named


def _cells_of_check(check_id: str) -> tuple[Place, ...]:
    """The scorecard cell of each walkthrough: every check speaks there."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code" and "scorecard()" in "".join(cell["source"]):
                found.append(Place(f"notebooks/{path.name}", cell["id"]))
    return tuple(found[:3])


@cache
def cells_of(notebook: str) -> frozenset[str]:
    """Ids of the cells of a built notebook."""
    book = json.loads((ROOT / notebook).read_text(encoding="utf-8"))
    return frozenset(str(cell.get("id", "")) for cell in book["cells"])


@cache
def functions_of(file: str) -> frozenset[str]:
    """Names of the test functions in a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
