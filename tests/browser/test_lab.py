"""What a learner sees after ``casebook lab``: the first notebook, side bars folded, no news, no stranger asked."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.harness import DESK, free_port


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """``casebook lab`` in a small course: what it printed, and the course folder."""
    first = new_notebook(cells=[new_markdown_cell("# Start here"), new_code_cell("6 * 7")])
    first.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(first, tmp_path / "notebooks" / "00-start.ipynb")
    (tmp_path / "nbgrader_config.py").write_text(
        "from casebook.course.settings import configure\nfrom pathlib import Path\n"
        "configure(get_config(), Path.cwd())\n"
    )
    # A port of its own: another worker's test may be starting one on the port that is given without.
    command = [sys.executable, "-m", "casebook", "lab", "--course", str(tmp_path), "--port", str(free_port())]
    lab = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    try:
        assert lab.stdout is not None
        for line in lab.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        yield said, tmp_path
    finally:
        lab.terminate()
        lab.wait(30)


def test_the_printed_address_opens_the_notebook_with_folded_side_bars(
    started: tuple[str, Path], chromium: Any, shots: Path
) -> None:
    said, course = started
    address = re.search(r"running:\s+(\S+)", said)
    assert address, said
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.set_default_timeout(60_000)
    trouble: list[str] = []
    strangers: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and trouble.append(f"{answer.status} {answer.url}"))
    page.on("request", lambda asked: "//127.0.0.1:" in asked.url or strangers.append(asked.url))
    page.goto(address[1])
    page.wait_for_selector("h1:has-text('Start here')")
    page.wait_for_selector("[data-status='idle']", state="attached")
    page.screenshot(path=str(shots / "lab-first-look.png"))
    page.locator("#jp-left-stack").wait_for(state="hidden")
    page.locator("#jp-right-stack").wait_for(state="hidden")
    assert page.locator("text=Would you like to").count() == 0
    page.wait_for_function(
        "(least) => document.querySelector('.jp-Notebook').getBoundingClientRect().width > least",
        arg=0.9 * DESK["width"],
    )
    page.get_by_text("Validate", exact=True).first.wait_for()
    assert page.locator("text=Create Assignment").count() == 0
    page.locator(".jp-CodeCell").click()
    page.wait_for_function("() => document.activeElement?.closest('.jp-CodeCell, .jp-Notebook')")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')")
    context.close()
    assert trouble == []
    assert [url for url in strangers if not url.startswith(("data:", "blob:"))] == []
    assert (course / "my-work" / "00-start.ipynb").is_file()
