"""The walkthrough as a learner meets it: covered board, a choice kept as text, owners on the picture, both themes."""

from __future__ import annotations

import shutil
from pathlib import Path

from casebook.answer import read_notebook
from tests.browser.harness import Lab

ROOT = Path(__file__).resolve().parents[2]
CASE = "stability-moderation"
BOARD = ".jp-OutputArea .cb-board"
PAGE = ".jp-OutputArea .cbw"
SCROLLER = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"


def sideways(lab: Lab) -> int:
    """How many pixels the notebook can be scrolled to the side."""
    return int(
        lab.steady(f"() => {{ const o = document.querySelector('{SCROLLER}'); return o.scrollWidth - o.clientWidth; }}")
    )


def test_a_choice_on_the_board_becomes_the_answer_in_the_file(lab: Lab, course_folder: Path, shots: Path) -> None:
    shutil.copy(ROOT / "notebooks" / "01-stability.ipynb", course_folder / "walk.ipynb")
    notebook = lab.open("walk.ipynb")
    setup, show = notebook.find("open_workbook"), notebook.find('work.board("design")')
    for cell in (notebook.find("answer_path ="), setup, show):
        notebook.run(cell)
    lab.page.wait_for_selector(f"{BOARD} .cb-cover")
    lock = notebook.find("work.lock")
    said = 'prediction = Prediction("150 ms, $9,000 a month, serving, 4 hours")'
    notebook.set_source(lock, f"{said}\nwork.lock(prediction)")
    notebook.run(lock)
    notebook.cell(show)
    lab.page.wait_for_selector(f"{BOARD} .cb-cover", state="detached")
    choose = lab.page.locator(f"{BOARD} select").nth(1)
    choose.select_option(label="One layer tied to latency")
    lab.page.wait_for_function(f"() => document.querySelector('{BOARD}')?.innerText.includes('Triton on L4')")
    notebook.wait_answered()
    keep = notebook.find("design = board.keep")
    before = notebook.source(keep)
    notebook.run(keep)
    after = notebook.source(keep)
    assert before.startswith("design = board.keep()\n")
    assert 'serving="triton-l4"' in after.split("flag_precision")[0]
    assert after.split("flag_precision", 1)[1] == before.split("flag_precision", 1)[1]
    assert notebook.metadata(keep)["casebook"] == {"answer": True}
    shown = "".join(str(output.get("data", {}).get("text/plain", "")) for output in notebook.outputs(keep))
    assert "Your guess and the outcome" in shown and "150 ms" in shown
    assert notebook.errors() == []
    notebook.save()
    reading = read_notebook(course_folder / "walk.ipynb", CASE)
    assert (reading.problems, reading.must_run) == ((), ())
    assert reading.answer.design is not None and reading.answer.design.choices["serving"] == "triton-l4"
    assert reading.answer.prediction is not None
    lab.screenshot(shots / "walkthrough-kept.png")


def test_it_reads_in_both_themes_and_in_half_a_window(lab: Lab, course_folder: Path, shots: Path) -> None:
    shutil.copy(ROOT / "notebooks" / "00-start.ipynb", course_folder / "start.ipynb")
    notebook = lab.open("start.ipynb")
    notebook.run_all()
    assert notebook.errors() == []
    notebook.cell(notebook.find("TailDemo()"))
    lab.page.wait_for_selector(f"{PAGE} svg")
    for theme in ("light", "dark"):
        lab.theme(theme)
        ink, paper = lab.page.evaluate(
            f"""() => [getComputedStyle(document.querySelector('{PAGE} p')).color,
            getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor]"""
        )
        assert (
            brightness(ink) < 90 < 200 < brightness(paper)
            if theme == "light"
            else (brightness(paper) < 90 < 180 < brightness(ink))
        )
        lab.screenshot(shots / f"start-{theme}.png")
    lab.narrow()
    assert sideways(lab) == 0
    lab.screenshot(shots / "start-narrow.png")


def brightness(colour: str) -> float:
    """Mean of red, green and blue of a CSS colour."""
    numbers = colour[colour.index("(") + 1 : colour.index(")")].split(",")[:3]
    return sum(float(number) for number in numbers) / 3
