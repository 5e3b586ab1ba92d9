"""The board without a browser: every control once, keep in all its cases, faults shown and recorded."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

import casebook
from casebook.design import DesignError
from casebook.show import Board


@pytest.fixture
def board() -> Board:
    made: Board = casebook.load_case("stability-moderation").board(preset="reference")
    return made


def test_every_control_is_named_and_moves_the_design(board: Board) -> None:
    slots = {f"slot:{slot.id}" for slot in board.case.data.slots}
    assert {"scenario", "preset", *slots, "knob:threshold", "knob:replicas"} <= set(board.controls)
    for control in board.controls.values():
        if hasattr(control, "options"):
            for _, value in control.options:
                control.value = value
        else:
            control.value = control.min
            control.value = control.max
    assert board.errors == []


def test_a_choice_fits_the_knobs_and_names_the_preset(board: Board) -> None:
    assert board.design == board.case.reference
    assert board.controls["preset"].value == "reference"
    board.controls["slot:serving"].value = "custom-edge"
    assert board.controls["preset"].value == "custom"
    assert board.design.choices["serving"] == "custom-edge"
    board.controls["preset"].value = "reference"
    assert board.design == board.case.reference


def test_headless_and_untouched_is_not_answered(board: Board, capsys: pytest.CaptureFixture[str]) -> None:
    assert board.keep() is None
    assert "Not answered yet" in capsys.readouterr().out
    assert board.kept is None


def test_untouched_with_arguments_sets_the_controls(board: Board) -> None:
    kept = board.keep(serving="triton-t4", replicas=5)
    assert kept == board.case.design(serving="triton-t4", replicas=5)
    assert board.design == kept
    assert board.controls["knob:replicas"].value == 5
    assert board.keep() is None


def test_touched_keeps_what_the_controls_show_and_prints_the_line(
    board: Board, capsys: pytest.CaptureFixture[str]
) -> None:
    board.controls["knob:replicas"].value = 7
    kept = board.keep(serving="triton-t4", replicas=5)
    assert kept is not None
    assert kept.knobs["replicas"] == 7
    printed = capsys.readouterr().out
    line = printed[printed.index("board.keep(") :]
    again = eval(line, {"board": SimpleNamespace(keep=board.case.design)})
    assert again == kept


def test_looking_at_another_scenario_is_no_change_of_design(board: Board) -> None:
    board.keep(serving="triton-t4")
    board.controls["scenario"].value = "viral"
    assert board.keep() is None
    assert board.evaluation.scenario == "viral"


def test_an_unknown_option_is_an_error_that_lists_the_options(board: Board) -> None:
    with pytest.raises(DesignError, match="triton-l4"):
        board.keep(serving="triton-b200")


def test_what_a_callback_raises_is_shown_and_recorded(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("the <b>sky</b> fell")

    monkeypatch.setattr(board, "_draw", fail)
    board.controls["knob:threshold"].value = 3.0
    assert [str(error) for error in board.errors] == ["the <b>sky</b> fell"]
    assert "the &lt;b&gt;sky&lt;/b&gt; fell" in board._view._fault.value
    monkeypatch.undo()
    board._view.pulse.rested = board._view.pulse.tick + 1  # a callback with nothing to draw takes no alarm away
    assert "fell" in board._view._fault.value
    board.controls["knob:threshold"].value = 2.0
    assert board._view._fault.value == ""


def test_a_touch_while_a_cell_keeps_is_not_lost(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """JupyterLab lets widgets speak in a thread of their own, beside a running cell."""
    name_preset = board._controls._name_preset
    touch = threading.Thread(target=lambda: setattr(board.controls["knob:threshold"], "value", 3.0))

    def touched_meanwhile(design: Any) -> None:
        if touch.ident is None:
            touch.start()
            touch.join(0.3)
        name_preset(design)

    monkeypatch.setattr(board._controls, "_name_preset", touched_meanwhile)
    assert board.keep(serving="triton-t4", threshold=2.5) == board.kept
    touch.join(60)
    again = board.keep()
    assert again is not None and again.knobs["threshold"] == 3.0
    assert board.errors == []


def test_at_rest_the_graded_run_gives_the_words(board: Board) -> None:
    board.controls["knob:threshold"].value = 2.4
    assert "measuring" in board._view._tiles.value
    board._view.pulse.rested = board._view.pulse.tick
    for thread in threading.enumerate():
        if thread.name == "casebook-graded":
            thread.join(60)
    assert "measuring" not in board._view._tiles.value
    assert board.errors == []


def test_covered_until_uncovered() -> None:
    board: Board = casebook.load_case("stability-moderation").board(cover="Predict first.")
    assert "Predict first." in board.still()
    assert "<svg" not in board.still()
    assert len(board._view.root.children) == 2
    board.uncover()
    assert len(board._view.root.children) > 2
    assert "<svg" in board.still()


def test_the_bundle_carries_widgets_and_a_still_picture(board: Board) -> None:
    bundle = board._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    html = bundle["text/html"]
    assert html.count("<svg") >= 4
    assert "Run All Cells" in html
    assert "met" in html
    plain = html.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in plain
    assert "<script" not in plain


def test_notes_give_owners(board: Board) -> None:
    assert "nobody" in board._view._diagram.value
    board.notes = [SimpleNamespace(slot=slot, owner="Ops") for slot in board.design.components]
    assert "nobody" not in board._view._diagram.value


def test_icons_are_sent_once(board: Board) -> None:
    assert "data:image" in board._view._style.value
    assert "data:image" not in board._view._diagram.value
