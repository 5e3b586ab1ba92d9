"""A shared gradebook on a real PostgreSQL server: the same export as SQLite, nbgrader's migrations included."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from nbgrader.dbutil import upgrade
from sqlalchemy import create_engine, text

from casebook.cli import main
from casebook.course.autograde import convert
from casebook.course.cohort import grade_cohort
from casebook.course.export import lines, to_csv, to_json
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import HandGrade, enter_hand_grades, graded_students, opened, sheets
from casebook.course.settings import CONFIG_NAME, Course, load_config
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released
from tests.course.server import postgres, programs

pytest.importorskip("psycopg", reason="no driver for PostgreSQL (casebook[postgres])")
pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server on this machine (apt: postgresql)")

POLICY = f"""
timezone: UTC
assignments:
  {ASSIGNMENT}: {{due: 2026-11-30 12:00, penalty: {{per_started_day: 3 points}}}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def handed_in(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with three submissions, nobody graded yet."""
    course = Course(tmp_path_factory.mktemp("shared") / "course")
    shutil.copytree(small_release, course.root)
    course.policy.write_text(POLICY)
    good = filled(released(course.root), full_answers())
    for name, submission in (("ada", good), ("ben", released(course.root)), ("dov", "{")):
        path = hand_in(course.root, name, submission)
        path.with_name("timestamp.txt").write_text("2026-12-01 18:00:00.123456 UTC")
    return course.root


def shared(handed_in: Path, folder: Path, server: str, database: str) -> Course:
    """A copy of the course whose nbgrader_config.py names a new database of the server."""
    shutil.copytree(handed_in, folder, ignore=shutil.ignore_patterns("*.db"))
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    with (folder / CONFIG_NAME).open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {server.format(database)!r}\n")
    return Course(folder)


def graded(course: Course) -> Course:
    grade_cohort(course, ASSIGNMENT)
    enter_hand_grades(
        course, ASSIGNMENT, [HandGrade("ada", "prose-close", 7.5, "Good."), HandGrade("ben", "prose-close", 0)]
    )
    return course


def test_the_export_is_that_of_sqlite(handed_in: Path, server: str, tmp_path: Path) -> None:
    shutil.copytree(handed_in, tmp_path / "near")
    near, far = graded(Course(tmp_path / "near")), graded(shared(handed_in, tmp_path / "far", server, "one"))
    assert far.db_url.startswith("postgresql")
    assert not far.gradebook.exists()
    assert to_csv(lines(far, ASSIGNMENT)) == to_csv(lines(near, ASSIGNMENT))
    assert to_json(lines(far, ASSIGNMENT)) == to_json(lines(near, ASSIGNMENT))
    rows = {row.student: row for row in lines(far, ASSIGNMENT)}
    assert (rows["ada"].late_penalty, rows["ada"].hand_score, rows["dov"].score) == (6, 7.5, None)
    assert not any(one.fresh for one in grade_cohort(far, ASSIGNMENT))
    pages = [[page.read_bytes() for page in write_feedback(course, ASSIGNMENT)] for course in (near, far)]
    assert pages[0] == pages[1]

    convert(Autograde, load_config(far), ASSIGNMENT, "ada")  # the class behind nbgrader's command
    assert not far.gradebook.exists()
    assert to_csv(lines(far, ASSIGNMENT)) == to_csv(lines(near, ASSIGNMENT))

    # an emptied gradebook is noticed (and graded again) although records and graded notebooks are still there
    engine = create_engine(far.db_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    assert graded_students(far, ASSIGNMENT) == frozenset()


AS_NBGRADER_0_5 = """
    ALTER TABLE assignment DROP COLUMN course_id;
    DROP TABLE course;
    ALTER TABLE student DROP COLUMN lms_user_id;
    UPDATE alembic_version SET version_num = '167914646830'
"""


def old(url: str) -> None:
    """Bring a gradebook back to what nbgrader 0.5 left: one course only, nobody known to a platform."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in AS_NBGRADER_0_5.split(";"):
            connection.execute(text(statement))
    engine.dispose()


def version(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    engine.dispose()
    return found


def test_a_gradebook_of_an_older_nbgrader_is_brought_up_to_date(handed_in: Path, server: str, tmp_path: Path) -> None:
    course = shared(handed_in, tmp_path / "old", server, "old")
    with opened(course):
        head = version(course.db_url)
    old(course.db_url)
    upgrade(course.db_url)  # what `nbgrader db upgrade` does
    assert version(course.db_url) == head
    before = to_csv(lines(graded(course), ASSIGNMENT))

    # with assignments in it nbgrader's last migration fails on PostgreSQL; the remedy is in docs/instructor.md
    old(course.db_url)
    with pytest.raises(subprocess.CalledProcessError):
        upgrade(course.db_url)
    page = (Path(__file__).parents[2] / "docs" / "instructor.md").read_text(encoding="utf-8")
    remedy = page.split("```sql\n")[1].split("```")[0]
    engine = create_engine(course.db_url)
    with engine.begin() as connection:
        for statement in remedy.strip().strip(";").split(";"):
            connection.execute(text(statement))
    engine.dispose()
    upgrade(course.db_url)
    assert version(course.db_url) == head
    assert to_csv(lines(course, ASSIGNMENT)) == before


def test_a_server_that_is_not_there_is_told_without_the_password(
    handed_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(handed_in, tmp_path / "course")
    with (tmp_path / "course" / CONFIG_NAME).open("a") as file:
        file.write(f"c.CourseDirectory.db_url = 'postgresql+psycopg://me:hush@/x?host={tmp_path}'\n")
    assert main(["export", ASSIGNMENT, "--course", str(tmp_path / "course")]) == 1
    said = capsys.readouterr().err
    assert "the gradebook's server cannot be used" in said
    assert "hush" not in said
    assert sheets(Course(handed_in), ASSIGNMENT) == {}
