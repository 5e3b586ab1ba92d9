"""`casebook validate` names what is wrong, where and how to mend it, and exits with 1."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casebook.checks.rubric import forget
from casebook.cli import main
from casebook.facts import read_seed
from casebook.facts.files import seeds_root


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the project's seeds that a test may spoil."""
    root = seeds_root()
    assert isinstance(root, Path)
    shutil.copytree(root, tmp_path / "seeds")
    return tmp_path / "seeds"


CASE = "cases/stability-moderation.yaml"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(seeds: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    code = main(["validate", "--seeds", str(seeds), "--json"])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["problems"]
    assert code == (1 if found else 0)
    return found


def test_sound_seeds_pass(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems(seeds, capsys) == []
    assert main(["validate", "--seeds", str(seeds)]) == 0
    assert "Nothing to mend" in capsys.readouterr().out


def test_a_missing_source_is_named(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(seeds / "catalog.yaml", "id: gpu.l4.usd_h, value: 0.8048, unit: usd/h, source: aws-gpu,",
          "id: gpu.l4.usd_h, value: 0.8048, unit: usd/h,")
    (item,) = problems(seeds, capsys)
    assert (item["file"], item["place"]) == ("catalog.yaml", "entries.gpu.l4.usd_h.source")


def test_every_number_without_provenance_is_listed(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = "    kind: assumption\n    label: ours\n    fact: STB.volume_pilot\n"
    spoil(seeds / CASE, origin, "    label: ours\n")
    found = problems(seeds, capsys)
    assert [item["place"] for item in found] == ["scenarios.pilot.arrivals.peak_factor"]
    assert "no provenance" in found[0]["problem"]


def test_a_dangling_reference_in_a_case_is_named(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(seeds / CASE, '"catalog:gpu.t4.usd_h"', '"catalog:gpu.t5.usd_h"')
    (item,) = problems(seeds, capsys)
    assert item["place"] == "slots.serving.options.triton-t4.cost.per_unit_hour_usd"
    assert "gpu.t4.usd_h" in item["remedy"]


def test_prose_is_looked_through(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(seeds / CASE, "Less than {{STB.latency}}, from", "Less than 200 ms, from")
    spoil(seeds / CASE, "below {{STB.fpr}}, looked", "below {{STB.fprr}}, looked")
    authored = seeds.parent / "authored"
    authored.mkdir()
    (authored / "text.py").write_text(
        "# %% [markdown] id=a\n# Within 13 weeks.\n# %% id=b\nlimit = '200 ms'  # 200 ms\n", encoding="utf-8")
    found = problems(seeds, capsys)
    assert [(item["file"], item["place"]) for item in found] == [
        (CASE, "questions.latency.uncovers"),
        (CASE, "questions.wrongly-blocked.uncovers"),
        ("authored/text.py", "line 2"),
    ]
    assert "{{STB.latency}}" in found[0]["remedy"]
    assert "STB.fpr" in found[1]["remedy"]


@pytest.mark.parametrize(("file", "old", "new", "place", "words"), [
    ("scale.yaml", "against: [SCL.p99, SCL.alarm]", "against: [SCL.p99, SCL.alarn]", "facts.SCL.X13.against",
     "SCL.alarm"),
    ("startups.yaml", "STB.inference_usd]", "STB.inference_us]", "facts.STU.X22.against", "STB.inference_usd"),
    ("midjourney.yaml", "value: 4000,", "value: 3000,", "facts.MJ.x31_ramp_end.value", "Correct the value"),
    ("audits.yaml", "derive: MJ.preview_s - MJ.path_effect_s", "derive: MJ.preview_s", "audits.X34.baseline.value",
     "Correct the value"),
    ("audits.yaml", "by {{MJ.path_effect_s}}, and", "by -0.8 s, and", "X34.baseline.ask", "MJ.path_effect_s"),
    ("audits.yaml", "by {{MJ.path_effect_s}}, and", "by {{MJ.path_efect_s}}, and", "X34.baseline.ask",
     "MJ.path_effect_s"),
    ("frameworks.yaml", "{part: rough guess,", "{part: wild guess,", "frameworks.F-SCL-2.parts", "rough guess"),
])
def test_what_stands_on_facts_is_held_against_them(
    seeds: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, place: str, words: str,
) -> None:
    spoil(seeds / file, old, new)
    (item,) = problems(seeds, capsys)
    assert (item["file"], item["place"]) == (file, place)
    assert words in item["remedy"]


def test_the_summary_counts_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--json", "--authored", "nowhere"]) == 0
    counted = json.loads(capsys.readouterr().out)["checked"]
    assert counted["articles"] == 5
    assert counted["frameworks"] == 31
    assert counted["audits"] == len(read_seed("audits.yaml")["audits"])
    assert counted["facts"] > 500


def test_broken_yaml_of_any_kind_is_named(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (seeds / "rubrics.yaml").write_text("a: [1\n", encoding="utf-8")
    assert [item["file"] for item in problems(seeds, capsys)] == ["rubrics.yaml"]


def test_a_folder_without_seeds_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--seeds", str(tmp_path)]) == 1
    assert "catalog.yaml" in capsys.readouterr().out
    assert main(["validate", "--seeds", str(tmp_path / "absent")]) == 1
    assert "no folder" in capsys.readouterr().out


@pytest.mark.parametrize(("change", "place", "remedy"), [
    (lambda book: book["table"]["rows"].append({"check": "U91", "cell": "ask", "points": {"stability": 1}}),
     "U91", "'U9'"),
    (lambda book: book["rubrics"][0]["caps"][0].update(fact="STB-66"), "caps.no-owner-or-rollout.fact", "'STB-6'"),
    (lambda book: book["table"]["rows"][0].update(cell="aks"), "aks", "'ask'"),
    (lambda book: book["table"]["rows"][0]["points"].update(stabilty=2), "stabilty", "'stability'"),
    (lambda book: book["table"]["rows"][0]["points"].update(scale=11), "hypothesis", "row of the table"),
    (lambda book: book["rubrics"][0].pop("title"), "title", "Add the key"),
])
def test_rubrics_may_name_only_what_there_is(
    change: Callable[[dict[str, Any]], object], place: str, remedy: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = read_seed("rubrics.yaml")
    change(book)

    def spoiled(name: str, root: Any = None) -> dict[str, Any]:
        return book if name == "rubrics.yaml" else read_seed(name, root)

    monkeypatch.setattr("casebook.checks.rubric.read_seed", spoiled)
    monkeypatch.setattr("casebook.facts.read_seed", spoiled)
    forget()
    code = main(["validate", "--json", "--authored", "nowhere"])
    forget()
    item = json.loads(capsys.readouterr().out)["problems"][0]
    assert code == 1
    assert item["file"] == "rubrics.yaml"
    assert place in item["place"] + item["problem"]
    assert remedy in item["remedy"]
