"""A finished notebook exported as HTML and opened without a network shows boards, plots and diagrams."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casebook.course.smoke import run_notebook

ROOT = Path(__file__).resolve().parents[2]
STRONG = ROOT / "tests" / "answers" / "stability-moderation.strong.json"
LEAST_PX = (400, 150)
LOOK = """() => [...document.querySelectorAll('svg[aria-label], svg:has(> title)')].map(svg => {
    const box = svg.getBoundingClientRect();
    const label = svg.getAttribute('aria-label') || svg.querySelector('title').textContent;
    return {label, width: box.width, height: box.height, shapes: svg.querySelectorAll('path, rect, line').length};
})"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walkthrough, finished by the strong answer, as JupyterLab's own export to HTML makes it."""
    import nbformat
    from nbconvert import HTMLExporter

    notebook = run_notebook(ROOT / "notebooks" / "01-stability.ipynb", {"answer_path": str(STRONG)})
    page, _ = HTMLExporter().from_notebook_node(nbformat.reads(json.dumps(notebook), as_version=4))
    path = tmp_path_factory.mktemp("export") / "workbook.html"
    path.write_text(page, encoding="utf-8")
    return path


def test_an_export_without_a_network_shows_boards_plots_and_diagrams(
    chromium: Any, exported: Path, shots: Path
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(exported.as_uri(), wait_until="domcontentloaded")
    page.wait_for_function("() => document.readyState === 'complete'")
    page.screenshot(path=str(shots / "export-offline.png"), full_page=True)
    seen = page.evaluate(LOOK)
    words = page.inner_text("body")
    context.close()
    large = [p for p in seen if p["width"] >= LEAST_PX[0] and p["height"] >= LEAST_PX[1] and p["shapes"] > 3]
    for kind in ("How long a verdict takes", "Cost a month", "Cost of one upload", "Architecture: "):
        assert sum(picture["label"].startswith(kind) for picture in large) == 2, kind  # two boards
    assert "model not found" not in words
    assert "Triton on" in words
    assert "public score" in words
