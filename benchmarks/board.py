"""From a key press on a slider to the changed figure and the changed diagram in the page, in a real browser.

    python benchmarks/board.py [--steps 60]

Prints p50 and p95 in ms beside the targets (figure 80, diagram 100), the bytes a step sends, and the load of
the machine. The clock is the page's own: a step runs from the key press to the changed elements; "painted" is
the end of the frame that shows them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from tests.browser.harness import Lab, browsing, find_chromium, serving

TARGETS_MS = {"figure": 80.0, "diagram": 100.0}
SOURCES = ("import casebook\ncase = casebook.load_case('stability-moderation')",
           "board = case.board(preset='reference')\nboard")

PROBE = """() => {
  const board = document.querySelector('.cb-board');
  const gd = board.querySelector('.js-plotly-plot');
  const probe = window.__probe = {start: 0, figure: [], diagram: []};
  const frame = (list) => {
    const start = probe.start, changed = performance.now() - start;
    requestAnimationFrame(() => setTimeout(() => list.push([changed, performance.now() - start]), 0));
  };
  const once = (flag, list) => { if (probe.start && !probe[flag]) { probe[flag] = true; frame(list); } };
  gd.on('plotly_afterplot', () => once('gotFigure', probe.figure));
  const arch = board.querySelector('.cb-scroll').closest('.widget-html-content');
  new MutationObserver(() => once('gotDiagram', probe.diagram)).observe(arch, {childList: true, subtree: true});
  document.addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    probe.start = performance.now(); probe.gotFigure = probe.gotDiagram = false;
  }, true);
}"""


def percentile(values: list[float], share: float) -> float:
    """The value at this share of the sorted list (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, round(share * len(ranked)) - 1))]


def measure(steps: int) -> dict[str, Any]:
    """Move two sliders by one, `steps` times each, as fast as the page answers."""
    sent: list[int] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "course").mkdir()
        (folder / "state").mkdir()
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in SOURCES])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, folder / "course" / "board.ipynb")
        with serving(folder / "course", folder / "state") as server, browsing() as browser:
            lab = Lab(server, browser)
            page = lab.page
            page.on("websocket", lambda socket: socket.on(
                "framereceived", lambda data: sent.append(len(data))))
            notebook = lab.open("board.ipynb")
            notebook.run(0)
            notebook.run(1)
            page.wait_for_selector(".cb-tile.cb-met, .cb-tile.cb-missed")
            page.locator(".cb-chip", has_text="Model serving").click()
            page.wait_for_timeout(3000)
            page.evaluate(PROBE)
            first = len(sent)
            # One knob moves the waiting time, the other the number on a card: each shows one picture change.
            for name, knob in (("figure", "Longest wait"), ("diagram", "GPUs")):
                page.locator(".cb-knob", has_text=knob).locator(".noUi-handle").focus()
                for step in range(steps):
                    page.keyboard.press("ArrowRight" if step % 20 < 10 else "ArrowLeft")
                    page.wait_for_function("([name, n]) => window.__probe[name].length >= n",
                                           arg=[name, step + 1], polling=10)
                    page.wait_for_timeout(80)
                page.wait_for_timeout(2500)
                page.evaluate("() => { window.__probe.start = 0; }")
            probe = page.evaluate("() => ({figure: window.__probe.figure, diagram: window.__probe.diagram})")
            bytes_a_step = sum(sent[first:]) / steps / 2
            trouble = list(lab.trouble)
            lab.close()
    warm = {name: probe[name][5:steps] for name in TARGETS_MS}
    return {"times": warm, "bytes": bytes_a_step, "trouble": trouble}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=60)
    steps = parser.parse_args().steps
    if find_chromium() is None:
        print("board: left out, there is no Chromium here (set CASEBOOK_CHROMIUM)")
        return
    found = measure(steps)
    for name, target in TARGETS_MS.items():
        changed = [pair[0] for pair in found["times"][name]]
        painted = [pair[1] for pair in found["times"][name]]
        p95 = percentile(changed, 0.95)
        print(f"change to {name:8s} p50 {statistics.median(changed):6.1f} ms   p95 {p95:6.1f} ms   "
              f"target {target:.0f} ms   {'met' if p95 <= target else 'missed'}   ({len(changed)} steps; "
              f"painted p50 {statistics.median(painted):.1f}, p95 {percentile(painted, 0.95):.1f} ms)")
    print(f"bytes a step     {found['bytes'] / 1024:.1f} KB")
    print(f"load of the machine (1 min): {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for line in found["trouble"]:
        print("trouble:", line)


if __name__ == "__main__":
    main()
