"""The harness itself: a slider moved by keyboard reaches the kernel, and trouble on a page is noticed."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.harness import Lab

SLIDER = """
import ipywidgets
slider = ipywidgets.IntSlider(value=3, min=0, max=10, description="replicas")
shown = ipywidgets.Label(value="3 GPUs")
slider.observe(lambda change: setattr(shown, "value", f"{change['new']} GPUs"), names="value")
ipywidgets.VBox([slider, shown])
"""


@pytest.fixture
def slider(course_folder: Path) -> str:
    cells = [
        new_markdown_cell("# A slider"),
        new_code_cell(SLIDER),
        new_code_cell("slider.value * 100"),
        new_code_cell("1 / 0"),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, course_folder / "slider.ipynb")
    return "slider.ipynb"


def test_arrow_keys_move_a_slider_and_the_kernel_hears_it(lab: Lab, slider: str, shots: Path) -> None:
    notebook = lab.open(slider)
    notebook.run_all()
    assert notebook.errors() == ["cell 3: ZeroDivisionError: division by zero"]
    handle = notebook.cell(1).locator(".noUi-handle")
    handle.focus()
    for _ in range(4):
        lab.page.keyboard.press("ArrowRight")
    lab.page.wait_for_function("() => document.body.innerText.includes('7 GPUs')")
    notebook.run(2)
    assert notebook.outputs(2)[0]["data"]["text/plain"] == "700"
    lab.theme("dark")
    lab.screenshot(shots / "harness-dark.png")
    lab.narrow()
    assert lab.page.evaluate("() => document.body.dataset.jpThemeLight") == "false"


def test_the_theme_does_not_leak_into_the_next_test(lab: Lab, slider: str) -> None:
    notebook = lab.open(slider)
    assert lab.page.evaluate("() => document.body.dataset.jpThemeLight") == "true"
    notebook.set_source(2, "answer = 6 * 7; answer")
    notebook.run(2)
    assert notebook.source(2).startswith("answer") and notebook.outputs(2)[0]["data"]["text/plain"] == "42"
    notebook.restart()
    notebook.set_source(2, "'answer' in globals()")
    notebook.run(2)
    assert notebook.outputs(2)[0]["data"]["text/plain"] == "False"
    assert "globals" in "".join(notebook.save()["cells"][2]["source"])


def test_errors_missing_files_and_other_machines_are_noticed(lab: Lab, slider: str) -> None:
    lab.open(slider)
    lab.assert_clean()
    with lab.page.expect_event("pageerror"):
        lab.page.evaluate("() => { setTimeout(() => { throw new Error('swallowed?'); }, 0); }")
    with lab.page.expect_response("**/files/absent.png"):
        lab.page.evaluate("() => fetch('/files/absent.png').catch(() => null)")
    with lab.page.expect_event("requestfailed", lambda request: "example.invalid" in request.url):
        lab.page.evaluate("() => fetch('https://example.invalid/a.js').catch(() => null)")
    with pytest.raises(AssertionError, match="swallowed"):
        lab.assert_clean()
    kinds = sorted(line.split(":")[0] for line in lab.trouble)
    assert kinds[0] == "page error" and "request failed" in kinds and "request to another machine" in kinds
    lab.trouble.clear()
