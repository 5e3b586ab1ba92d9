"""docs/coverage.md: no row is empty, and every cell, check and test that it names is opened."""

from __future__ import annotations

import re
from functools import cache

import pytest

from casebook.checks import rubric_ids
from casebook.checks.registry import all_checks
from casebook.drills import deck
from casebook.facts import case_ids, load_article, load_case_data
from casebook.facts.loader import ARTICLES
from tests.coverage.make import PAGE, tables
from tests.coverage.rows import ELSEWHERE, Row, cells_of, functions_of, rows

ON_LOADING = {"recomputed on loading", "held on loading (kind, unit, origin)"}
# What a reader must be asked about, and not only be able to look up.
ASKED = ("cases", "frameworks", "probes", "rules", "mistakes", "checks")


@cache
def found() -> tuple[Row, ...]:
    return tuple(rows())


def test_every_fact_and_every_universal_check_has_a_row() -> None:
    ids = [row.id for row in found()]
    assert len(ids) == len(set(ids))
    facts = {fact.id for name in ARTICLES for fact in load_article(name).facts}
    assert facts | set(all_checks()) | set(ELSEWHERE) == set(ids)


def test_no_row_is_empty() -> None:
    assert [row.id for row in found() if not (row.cells and row.judges and row.tests)] == []


def test_every_notebook_cell_that_is_named_is_there() -> None:
    missing = {str(cell) for row in found() for cell in row.cells if cell.cell not in cells_of(cell.notebook)}
    assert missing == set()


def test_every_judge_that_is_named_is_there() -> None:
    drills = {drill.id for drill in deck()}
    checks = set(all_checks()) | set(ELSEWHERE)
    checks |= {entry.id for case_id in case_ids() for entry in load_case_data(case_id).checks}
    audits = {drill.partition(".")[0] for drill in drills}
    targets = {f"target {case}/{target.id}" for case in case_ids() for target in load_case_data(case).targets}
    other = {f"rubric {name}" for name in rubric_ids()} | {f"case {name}" for name in case_ids()} | targets | ON_LOADING
    unknown = {judge for row in found() for judge in row.judges} - drills - checks - audits - other
    assert unknown == set()


def test_every_test_that_is_named_is_there() -> None:
    named = {test for row in found() for test in row.tests}
    missing = {test for test in named if test.partition("::")[2] not in functions_of(test.partition("::")[0])}
    assert missing == set()


@pytest.mark.parametrize("section", ASKED)
def test_what_a_reader_must_be_asked_about_is_not_only_looked_up(section: str) -> None:
    only_read = [row.id for row in found() if row.section == section and set(row.judges) <= ON_LOADING]
    assert only_read == []


def test_the_page_is_what_the_project_says() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written.startswith(tables()), "run: python -m tests.coverage.make"
    shown = set(re.findall(r"^\| ([^ |]+) \|", written, flags=re.MULTILINE))
    assert {row.id for row in found()} <= shown
