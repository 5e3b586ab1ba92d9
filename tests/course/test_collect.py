"""Collecting: whose notebook a file is, which attempt counts, and archives that mean harm."""

from __future__ import annotations

import json
import shutil
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course.collect import Collected, collect
from casebook.course.collect_source import opened_source
from casebook.course.errors import CourseError
from casebook.course.lms import Person
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT

PEOPLE = {
    person.student: person
    for person in (
        Person("ada", name="Ada Lovelace", id="101", login="alovelace", email="ada@example.edu"),
        Person("jean", name="Jean-Luc Picard", id="102"),
        Person("zoe", name="Zoë Ångström", id="103"),
        Person("sam1", name="Sam Smith", id="104"),
        Person("sam2", name="Sam Smith", id="105"),
    )
}
NB = f"{ASSIGNMENT}.ipynb"


@pytest.fixture
def course(small_release: Path, tmp_path: Path) -> Course:
    shutil.copytree(small_release, tmp_path / "course")
    return Course(tmp_path / "course")


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def there(course: Course, student: str) -> str:
    return (course.submission(student, ASSIGNMENT) / NB).read_text()


def why(got: Collected, part: str) -> str:
    return next(reason for name, reason in got.unmatched if part in name)


def test_a_zip_of_canvas_takes_the_newest_attempt(course: Course, tmp_path: Path) -> None:
    place = zipped(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_101_900_{NB}": "first",
            f"lovelaceada_101_950_{ASSIGNMENT}-1.ipynb": "second",
            f"lovelaceada_101_940_{ASSIGNMENT}-2.ipynb": "third",
            "lovelaceada_101_960_homework.ipynb": "something else",
            f"picardjeanluc_LATE_102_901_{NB}": "late",
            f"nobody_777_902_{NB}": "?",
            "smithsam_104_903_notes.pdf": "pdf",
        },
    )
    got = collect(course, ASSIGNMENT, place, people=PEOPLE)
    assert got.placed == ("ada", "jean")
    assert (there(course, "ada"), there(course, "jean")) == ("third", "late")
    assert "nobody in the list" in why(got, "nobody_777")
    assert any("jean" in note and "received.csv" in note for note in got.notes)
    assert any("ada: 3 attempts" in note for note in got.notes)


def test_a_zip_of_moodle_with_groups_accents_and_namesakes(course: Course, tmp_path: Path) -> None:
    place = zipped(
        tmp_path / "moodle.zip",
        {
            f"Group A-Jean-Luc Picard_5512_assignsubmission_file/{NB}": "picard",
            f"Zoe\u0308 A\u030angstro\u0308m_5513_assignsubmission_file_/{NB}": "zoe",
            f"Ada Lovelace_5514_assignsubmission_file_{NB}": "ada",
            f"Sam Smith_5515_assignsubmission_file/{NB}": "sam",
            "Ada Lovelace_5514_assignsubmission_onlinetext/onlinetext.html": "<p>",
        },
    )
    got = collect(course, ASSIGNMENT, place, people=PEOPLE)
    assert got.placed == ("ada", "jean", "zoe")
    assert there(course, "zoe") == "zoe"
    assert "2 people" in why(got, "Sam Smith")


def test_platforms_names_need_the_list_of_people(course: Course, tmp_path: Path) -> None:
    place = zipped(tmp_path / "c.zip", {f"lovelaceada_101_900_{NB}": "x"})
    with pytest.raises(CourseError, match="--people"):
        collect(course, ASSIGNMENT, place)


@pytest.mark.parametrize(
    "name", [NB, "ada.ipynb", "ada/my work.ipynb", f"ada/{ASSIGNMENT}/{NB}", f"all of them/ada/{NB}"]
)
def test_plain_folders_in_every_shape(course: Course, tmp_path: Path, name: str) -> None:
    path = tmp_path / "handed" / name
    path.parent.mkdir(parents=True)
    path.write_text("text")
    got = collect(course, ASSIGNMENT, tmp_path / "handed")
    assert got.placed == ((ASSIGNMENT,) if name == NB else ("ada",))
    assert got.unmatched == ()


def test_what_cannot_be_told_apart_is_not_taken(course: Course, tmp_path: Path) -> None:
    place = zipped(
        tmp_path / "p.zip",
        {
            "ada/one.ipynb": "1",
            "ada/two.ipynb": "2",
            "Zoë Ångström/x.ipynb": "3",
            f"b/c/d/{NB}": "4",
            "sam1/x.ipynb": "5",
        },
    )
    got = collect(course, ASSIGNMENT, place)
    assert got.placed == ("sam1",)
    assert "several notebooks" in why(got, "one.ipynb")
    assert "cannot be a student's id" in why(got, "Zoë")
    assert why(got, "b/c/d")
    assert collect(course, ASSIGNMENT, place, people=PEOPLE).placed == ("zoe",)


def test_nothing_is_overwritten_in_silence(course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = zipped(tmp_path / "1.zip", {f"ada/{NB}": "first", "ada/timestamp.txt": "2026-12-01 10:00:00 UTC"})
    second = zipped(tmp_path / "2.zip", {f"ada/{NB}": "second"})
    words = ["collect", ASSIGNMENT, "--course", str(course.root), "--from"]
    assert main([*words, str(first)]) == 0
    assert main([*words, str(first)]) == 0
    assert "1 unchanged" in capsys.readouterr().out
    stamp = course.submission("ada", ASSIGNMENT) / "timestamp.txt"
    assert stamp.is_file()
    assert main([*words, str(second)]) == 2
    assert "kept as they are" in capsys.readouterr().out
    assert there(course, "ada") == "first"
    assert main([*words, str(second), "--replace", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replaced"] == ["ada"]
    assert there(course, "ada") == "second"
    assert not stamp.exists()
    (aside,) = (course.autograde / "replaced" / "ada" / ASSIGNMENT).iterdir()
    assert aside.read_text() == "first"


def test_names_that_point_elsewhere_are_left_out(course: Course, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if course.root not in path.parents}
    names = [f"../../ada/{NB}", f"/etc/{NB}", f"C:/ada/{NB}", f"ada\\..\\{NB}", f"ada/../../{NB}", "\x1b[2Jada/x.ipynb"]
    place = zipped(tmp_path / "evil.zip", dict.fromkeys(names, "evil") | {"sam1/x.ipynb": "fine"})
    link = zipfile.ZipInfo("jean/link.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    got = collect(course, ASSIGNMENT, place)
    assert got.placed == ("sam1",)
    assert len(got.unmatched) == len(names) + 1
    assert "link" in why(got, "jean")
    assert all(name.isprintable() for name, _ in got.unmatched)
    assert {path for path in tmp_path.rglob("*") if course.root not in path.parents} == before | {place}


def test_a_folders_links_are_not_followed(course: Course, tmp_path: Path) -> None:
    place, secret = tmp_path / "handed", tmp_path / "secret"
    (place / "ada").mkdir(parents=True)
    secret.mkdir()
    (secret / NB).write_text("secret")
    (place / "ada" / NB).symlink_to(secret / NB)
    (place / "jean").symlink_to(secret)
    (place / "sam1.ipynb").write_text("fine")
    got = collect(course, ASSIGNMENT, place)
    assert got.placed == ("sam1",)
    assert len(got.unmatched) == 2
    (course.submitted / "zoe").symlink_to(secret)
    (place / "zoe.ipynb").write_text("x")
    got = collect(course, ASSIGNMENT, place)
    assert "is a link" in why(got, "zoe")
    assert sorted(path.name for path in secret.iterdir()) == [NB]


def test_bombs_are_not_unpacked(course: Course, tmp_path: Path) -> None:
    place = tmp_path / "bomb.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(f"ada/{NB}", "w", force_zip64=True) as file:
            for _ in range(60):
                file.write(b"\0" * 1_000_000)
        archive.writestr(f"sam1/{NB}", "fine")
    tracemalloc.start()
    got = collect(course, ASSIGNMENT, place)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.placed == ("sam1",)
    assert "40 MB" in why(got, "ada")
    assert peak < 130e6


def test_archives_that_lie_about_themselves(course: Course, tmp_path: Path) -> None:
    good = zipped(tmp_path / "good.zip", {f"ada/{NB}": "x" * 5_000, f"sam1/{NB}": "fine"}).read_bytes()
    at = good.rfind(b"PK\x05\x06")
    huge = good[: at + 12] + struct.pack("<I", 2**31) + good[at + 16 :]
    cut = good[: len(good) // 2]
    for number, raw in enumerate((huge, cut, b"", b"PK", b"not a zip at all")):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(raw)
        with pytest.raises(CourseError):
            collect(course, ASSIGNMENT, path)
    start = good.index(b"x.ipynb"[1:]) + 8  # inside the first file's packed bytes
    path = tmp_path / "damaged.zip"
    path.write_bytes(good[:start] + b"\xff\xff\xff\xff" + good[start + 4 :])
    got = collect(course, ASSIGNMENT, path)
    assert got.placed == ("sam1",)
    assert why(got, "ada")


def test_a_file_twice_in_one_zip_is_nobodys(course: Course, tmp_path: Path) -> None:
    place = tmp_path / "twice.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr(f"ada/{NB}", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"ada/{NB}", "two")
    got = collect(course, ASSIGNMENT, place)
    assert got.placed == ()
    assert "twice" in why(got, "ada")


def test_a_locked_file_is_told(course: Course, tmp_path: Path) -> None:
    raw = bytearray(zipped(tmp_path / "locked.zip", {f"ada/{NB}": "secret"}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    (tmp_path / "locked.zip").write_bytes(bytes(raw))
    assert "encrypted" in why(collect(course, ASSIGNMENT, tmp_path / "locked.zip"), "ada")


def test_the_exchange_gives_the_newest_with_its_time(course: Course) -> None:
    inbound = course.autograde / "exchange" / "casebook" / "inbound"
    for when, assignment, said in (
        ("2026-11-29 10:00:00 UTC", ASSIGNMENT, "first"),
        ("2026-11-30 09:00:00 UTC", ASSIGNMENT, "second"),
        ("2026-12-01 09:00:00 UTC", "another", "other"),
    ):
        folder = inbound / f"ada+{assignment}+{when}+c29tZQ"
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_text(said)
        (folder / "timestamp.txt").write_text(when)
    assert collect(course, ASSIGNMENT).placed == ("ada",)
    assert there(course, "ada") == "second"
    assert (course.submission("ada", ASSIGNMENT) / "timestamp.txt").read_text() == "2026-11-30 09:00:00 UTC"


def test_without_an_exchange_the_remedy_is_named(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collect", ASSIGNMENT, "--course", str(course.root)]) == 1
    assert "--from" in capsys.readouterr().err
    assert main(["collect", ASSIGNMENT, "--course", str(course.root), "--from", "nowhere"]) == 1


def test_more_files_than_a_course_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casebook.course.collect_source.MAX_ENTRIES", 10)
    place = zipped(tmp_path / "many.zip", {f"s{n}/x.ipynb": "" for n in range(12)})
    with pytest.raises(CourseError), opened_source(place):
        pass
