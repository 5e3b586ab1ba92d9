"""The board in a real JupyterLab: keeping, restarting, two boards, keyboard only, first screen, no errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from tests.browser.harness import Lab

SETUP = "import casebook\ncase = casebook.load_case('stability-moderation')"
BOARD = "board = case.board(preset='reference')\nboard"
KEEP = "design = board.keep()"
OTHER = "alternative = board.keep()"
RADIOS = "[...document.querySelectorAll('.cb-panel input[type=radio]')].map(e => e.name)"


def write(folder: Path, name: str, *sources: str) -> str:
    """A notebook of code cells; the setup comes first and is hidden, as in the walkthrough."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for place, source in enumerate((SETUP, *sources)):
        cell = nbformat.v4.new_code_cell(source)
        cell["id"] = f"cell-{place}"
        if place < 2:
            cell.metadata["jupyter"] = {"source_hidden": True}
        else:
            cell.metadata["nbgrader"] = {
                "grade_id": f"answer-{place}",
                "solution": True,
                "grade": False,
                "locked": False,
                "schema_version": 3,
            }
        book.cells.append(cell)
    nbformat.write(book, folder / name)
    return name


def live(lab: Lab, boards: int = 1) -> None:
    """Wait until the boards stand in the page, each with its three figures drawn."""
    lab.page.wait_for_function(
        "(n) => [...document.querySelectorAll('.cb-board')].filter(board => [...board.querySelectorAll("
        "'.js-plotly-plot')].filter(plot => plot.querySelector('.main-svg')).length >= 3).length >= n",
        arg=boards,
    )


def await_rest(lab: Lab) -> None:
    """Wait until the graded verdicts of the first board stand in the page: they come last."""
    lab.page.wait_for_function(
        "() => { const board = document.querySelector('.cb-board');"
        " return board.querySelector('.cb-tile') && !board.querySelector('.cb-tile.cb-moving'); }"
    )


def chip(lab: Lab, title: str, place: int = 0) -> Any:
    return lab.page.locator(".cb-board").nth(place).locator(".cb-chip", has_text=title)


def choose(lab: Lab, slot: str, option: str, place: int = 0) -> None:
    """Open a chip and take an option, with the mouse."""
    chip(lab, slot, place).click()
    board = lab.page.locator(".cb-board").nth(place)
    board.locator(".widget-radio-box label", has_text=option).locator("input").check()
    await_choice(lab, slot, option, place)


def await_choice(lab: Lab, slot: str, option: str, place: int = 0) -> None:
    """Wait until the chip shows the option."""
    lab.page.wait_for_function(
        "([n, slot, option]) => [...document.querySelectorAll('.cb-board')[n].querySelectorAll('.cb-chip')]"
        ".some(c => c.textContent.includes(slot) && c.textContent.includes(option))",
        arg=[place, slot, option],
    )


def await_state(lab: Lab, words: str, place: int = 0) -> None:
    """Wait until the board says these words about what was kept."""
    lab.page.wait_for_function(
        "([n, words]) => document.querySelectorAll('.cb-board')[n].querySelector('.cb-state')?.textContent === words",
        arg=[place, words],
        timeout=15_000,
    )


def test_touch_keep_touch_keep_then_restart(lab: Lab, course_folder: Path) -> None:
    notebook = lab.open(write(course_folder, "keep.ipynb", BOARD, KEEP, OTHER, "print(design != alternative)"))
    notebook.run(0)
    notebook.run(1)
    live(lab)
    await_state(lab, "not kept yet")

    # Untouched and without arguments: not answered, and the cell stays as it is.
    notebook.run(2)
    assert notebook.source(2) == KEEP
    assert "Not answered yet" in str(notebook.outputs(2))

    choose(lab, "Model serving", "Triton on T4")
    notebook.run(2)
    first = notebook.source(2)
    assert first.startswith("design = board.keep(") and 'serving="triton-t4"' in first
    assert notebook.metadata(2)["nbgrader"]["grade_id"] == "answer-2"
    await_state(lab, "✓ kept")

    choose(lab, "Feedback store", "S3 and a weekly job")
    await_state(lab, "● changed since you kept it")
    notebook.run(3)
    second = notebook.source(3)
    assert second.startswith("alternative = board.keep(") and 'feedback="s3-job"' in second
    assert notebook.source(2) == first

    # Restart and run all: the same text, the same designs, and the board shows what was kept last.
    notebook.restart()
    notebook.run_all()
    live(lab)
    assert (notebook.source(2), notebook.source(3)) == (first, second)
    assert "True" in str(notebook.outputs(4))
    await_choice(lab, "Feedback store", "S3 and a weekly job")

    # Untouched, one cell again: the board goes back to what that cell says.
    notebook.run(2)
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('.cb-chip')].some(c => c.textContent.includes('DynamoDB'))"
    )
    assert notebook.source(2) == first
    assert notebook.errors() == []


def test_run_all_untouched_leaves_blank_cells_blank(lab: Lab, course_folder: Path) -> None:
    notebook = lab.open(write(course_folder, "blank.ipynb", BOARD, KEEP, "print('design is', design)"))
    notebook.run_all()
    live(lab)
    assert notebook.source(2) == KEEP
    assert "design is None" in str(notebook.outputs(3))
    assert notebook.errors() == []


def test_two_boards_in_one_notebook_and_in_one_cell(lab: Lab, course_folder: Path) -> None:
    both = "design = board.keep()\nalternative = board2.keep()"
    notebook = lab.open(
        write(course_folder, "two.ipynb", BOARD, "board2 = case.board(preset='reference', name='board2')\nboard2", both)
    )
    notebook.run(0)
    notebook.run(1)
    notebook.run(2)
    live(lab, 2)
    choose(lab, "Model serving", "Triton on T4", 0)
    choose(lab, "Model serving", "Triton on A10G", 1)
    notebook.run(3)
    source = notebook.source(3)
    assert "design = board.keep(" in source and 'serving="triton-t4"' in source.split("alternative")[0]
    assert "alternative = board2.keep(" in source and 'serving="triton-a10g"' in source.split("alternative")[1]
    notebook.restart()
    notebook.run_all()
    live(lab, 2)
    assert notebook.source(3) == source
    await_choice(lab, "Model serving", "Triton on T4", 0)
    await_choice(lab, "Model serving", "Triton on A10G", 1)
    assert notebook.errors() == []


def test_keyboard_only(lab: Lab, course_folder: Path) -> None:
    notebook = lab.open(write(course_folder, "keys.ipynb", BOARD, KEEP))
    notebook.run(0)
    notebook.run(1)
    live(lab)
    page = lab.page
    page.locator(".cb-board select").first.focus()
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(str(page.evaluate("() => document.activeElement.textContent.replace('\\n', ' | ')")))
        if reached[-1].startswith("Model serving"):
            break
    assert reached[-1].startswith("Model serving"), reached
    ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.cb-panel .cb-knob').length > 2")
    handle = page.locator(".cb-knob", has_text="GPUs").locator(".noUi-handle").first
    handle.wait_for()
    page.wait_for_function(f"() => {{ const names = {RADIOS}; return names.length && names.every(Boolean); }}")
    before = int(handle.get_attribute("aria-valuenow").split(".")[0])
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.classList.contains('noUi-handle')"):
            break
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.cb-state')?.textContent && "
        "[...document.querySelectorAll('.cb-chip')].some(c => c.textContent.includes('×3'))"
    )
    assert int(handle.get_attribute("aria-valuenow").split(".")[0]) == before + 1
    page.wait_for_function("() => document.activeElement.getAttribute('aria-label') === 'GPUs'")
    stops = set(page.evaluate(f"() => {RADIOS}"))
    assert len(stops) == 1 and "" not in stops  # the list of options is one stop of the Tab key
    # What the page draws is what the kernel sent: no trace lost one of its two coordinates on the way.
    page.locator(".cb-knob", has_text="Longest wait").locator(".noUi-handle").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    notebook.wait_answered()
    await_rest(lab)
    pairs = page.evaluate(
        "() => document.querySelector('.js-plotly-plot').data.map(t => [t.x, t.y].map(v => v ? v.length : -1))"
    )
    assert all(x == y for x, y in pairs), pairs
    assert pairs[2][0] == 9  # p50, p95 and p99
    notebook.run(2)
    assert "replicas=3" in notebook.source(2)


def test_first_screen_in_both_themes_and_narrow(lab: Lab, course_folder: Path, shots: Path) -> None:
    notebook = lab.open(write(course_folder, "look.ipynb", BOARD, KEEP))
    notebook.run(0)
    notebook.run(1)
    live(lab)
    lab.page.wait_for_selector(".cb-tile.cb-met")
    chip(lab, "Model serving").click()  # the longest panel
    chip(lab, "Model serving").and_(lab.page.locator(".cb-open")).wait_for()
    lab.page.locator(".cb-panel .cb-knob", has_text="GPUs").wait_for()
    await_rest(lab)
    for theme in ("light", "dark"):
        lab.theme(theme)
        low = lab.steady("""() => {
            document.querySelector('.cb-board').scrollIntoView({block: 'start'});
            const foot = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect().bottom;
            const low = e => document.querySelector(e).getBoundingClientRect().bottom;
            return {foot, panel: low('.cb-panel'), tiles: low('.cb-tiles'), figures: low('.cb-figures'),
                    diagram: low('.cb-arch')};
        }""")
        assert max(low["panel"], low["tiles"], low["figures"], low["diagram"]) <= low["foot"] + 1, low
        lab.screenshot(shots / f"board-{theme}.png")
    small = lab.page.evaluate("""() => [...document.querySelectorAll('.cb-board *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .filter(e => e.getClientRects().length && !e.closest('style, title, desc, option'))
        .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent.slice(0, 30)])
        .filter(([size]) => size < 12)""")
    assert small == []
    lab.narrow(700)
    edge, *edges = lab.steady("""() => ['.cb-board', '.cb-tile', '.cb-chip', '.cb-figure', '.cb-panel', '.cb-scroll']
        .flatMap(e => [...document.querySelectorAll(e)]).map(e => e.getBoundingClientRect().right)""")
    assert [right for right in edges if right > edge + 1] == []
    lab.screenshot(shots / "board-narrow.png")


def test_error_is_shown_and_a_reopened_notebook_shows_the_still(lab: Lab, course_folder: Path) -> None:
    notebook = lab.open(
        write(
            course_folder,
            "again.ipynb",
            BOARD,
            "board._draw = None\nboard.controls['knob:threshold'].value = 3\nlen(board.errors)",
        )
    )
    notebook.run(0)
    notebook.run(1)
    live(lab)
    lab.page.locator(".cb-still").wait_for(state="hidden")
    await_rest(lab)
    lab.steady("() => document.querySelector('.cb-board').innerText")  # a late answer of the page would fail as well
    notebook.run(2)
    assert "1" in str(notebook.outputs(2)[0]["data"]["text/plain"])
    lab.page.wait_for_selector(".cb-fault")
    notebook.save()
    lab.page.close()  # it would ask for the kernel that now ends
    lab.server.forget()
    page = Lab(lab.server, lab.context.browser)
    try:
        page.open("again.ipynb")
        page.page.wait_for_selector(".cb-still")
        assert page.page.locator(".cb-still").first.is_visible()
        assert "Run All Cells" in page.page.locator(".cb-still").first.inner_text()
    finally:
        page.close()


def test_the_picture_needs_no_network() -> None:
    """The still page names no address but those of its own symbols and of SVG itself."""
    import casebook

    board = casebook.load_case("stability-moderation").board(preset="reference")
    words = board.still().replace("http://www.w3.org/2000/svg", "")
    assert "http" not in words and "<script" not in words and "<link" not in words
