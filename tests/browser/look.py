"""Opens every notebook as a person would: runs it, works each board by mouse and keyboard, keeps, takes pictures.

    python -m tests.browser.look                        every notebook, pictures into build/shots/look
    python -m tests.browser.look 04-general 05-midjourney-remix --pages
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.harness import DESK, Lab, Notebook, Server, browsing, serving

ROOT = Path(__file__).resolve().parents[2]
PHONE_PX = 420
BOARD = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea .cb-board"
SCROLLER = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"

# What nobody should meet on a board: words cut, parts beyond its edge, letters too small, pictures to be pushed.
FAULTS = """([nth, narrow]) => {
    const board = document.querySelectorAll('BOARD')[nth];
    const edge = board.getBoundingClientRect().right + 1;
    const seen = e => e.getClientRects().length && !e.closest('style, title, desc, option, select, .cb-spoken');
    const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join('').trim();
    const found = [];
    for (const plot of board.querySelectorAll('.js-plotly-plot'))
        if (!plot.data || !plot.data.length) found.push('an empty figure');
    for (const e of board.querySelectorAll('*')) {
        if (!seen(e)) continue;
        const words = own(e);
        const told = narrow && e.closest('.js-plotly-plot');  // the sentence below says it in full
        if (words && words.endsWith('…') && words.length > 1 && !told) found.push(`cut: ${words}`);
        if (words && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden')
            found.push(`cut: ${words}`);
        const size = parseFloat(getComputedStyle(e).fontSize);
        const box = e.getBoundingClientRect();
        const drawn = e.ownerSVGElement && e.ownerSVGElement.viewBox.baseVal.width
            ? size * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width : size;
        if (words && drawn < (narrow ? 9 : 10.5)) found.push(`small (${drawn.toFixed(1)} px): ${words.slice(0, 30)}`);
        if (e.matches('.cb-tile, .cb-chip, .cb-figure, .cb-panel, .cb-scroll, .cb-own') && box.right > edge)
            found.push(`beyond the edge: ${e.className}`);
        if (e.matches('.cb-scroll') && e.scrollWidth > e.clientWidth + 1)
            found.push(`the picture is ${e.scrollWidth - e.clientWidth} px too wide`);
    }
    return [...new Set(found)];
}""".replace("BOARD", BOARD)


@dataclass(slots=True)
class Seen:
    """One notebook as it was met: what was done on it and what was wrong."""

    notebook: str
    boards: int = 0
    moved: list[str] = field(default_factory=list)
    kept: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def look_at(lab: Lab, path: str, shots: Path, pages: bool) -> Seen:
    """Run all cells, use every board, keep, and photograph; `path` lies in the course folder."""
    began, seen = time.monotonic(), Seen(path.removesuffix(".ipynb"))
    notebook = lab.open(path)
    notebook.run_all(patience_s=400)
    seen.faults += notebook.errors()
    names = [name for name in ("board", "board2") if _has(notebook, f"{name} = work.board")]
    for name in names:
        _use(lab, notebook, name, seen, shots)
    if pages or not names:
        _read(lab, shots, seen.notebook)
    seen.faults += lab.trouble
    seen.seconds = round(time.monotonic() - began, 1)
    return seen


def _has(notebook: Notebook, words: str) -> bool:
    return any(words in notebook.source(cell) for cell in range(notebook.count()))


def _use(lab: Lab, notebook: Notebook, name: str, seen: Seen, shots: Path) -> None:
    """One board: another option by mouse, a slider by arrow keys, the keep cell by Shift+Enter; then the pictures."""
    page = lab.page
    show, keep = notebook.find(f"{name} = work.board"), notebook.find(f"{name}.keep(")
    cell = notebook.cell(show)
    page.wait_for_timeout(400)
    board = cell.locator(".cb-board")
    board.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=180_000)
    seen.boards += 1
    chips = board.locator(".cb-chip")
    for place in range(chips.count()):
        chips.nth(place).click()
        page.wait_for_timeout(150)
        options = board.locator(".widget-radio-box input")
        free = [n for n in range(options.count()) if not options.nth(n).is_checked()]
        if free:
            options.nth(free[-1]).check()
            seen.moved.append(f"{name}: {' / '.join(chips.nth(place).inner_text().splitlines())}")
            break
    notebook.wait_idle(quiet_ms=800)  # the panel of the new option stands
    handle = board.locator(".cb-panel .noUi-handle")
    if handle.count():
        handle.last.focus()
        page.keyboard.press("ArrowRight")
        seen.moved.append(f"{name}: {handle.last.get_attribute('aria-label') or 'slider'} →")
    notebook.wait_idle(quiet_ms=1200)
    before = notebook.source(keep)
    notebook.cell(keep).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    notebook.wait_idle(quiet_ms=800)
    if notebook.source(keep) != before:
        seen.kept += 1
    else:
        seen.faults.append(f"{name}: keep wrote nothing into its cell")
    nth = _nth(lab, notebook, show)
    for theme in ("light", "dark"):
        lab.theme(theme)
        _to_top(lab, nth)
        lab.screenshot(shots / f"{seen.notebook}.{name}.{theme}.png")
    lab.theme("light")
    _tall(lab, nth, DESK["width"], shots / f"{seen.notebook}.{name}.tall.png")
    seen.faults += [f"{name}: {fault}" for fault in page.evaluate(FAULTS, [nth, False])]
    _tall(lab, nth, PHONE_PX, shots / f"{seen.notebook}.{name}.narrow.png")
    seen.faults += [f"{name}, narrow: {fault}" for fault in page.evaluate(FAULTS, [nth, True])]
    page.set_viewport_size(DESK)
    page.wait_for_timeout(300)


def _nth(lab: Lab, notebook: Notebook, cell: int) -> int:
    """Which of the boards in the page stands in this cell."""
    notebook.cell(cell)
    return int(lab.page.evaluate(
        f"""(index) => {{ const cells = document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell');
            return [...document.querySelectorAll('{BOARD}')].findIndex(board => cells[index].contains(board)); }}""",
        cell))


def _to_top(lab: Lab, nth: int) -> None:
    lab.page.evaluate(f"(n) => document.querySelectorAll('{BOARD}')[n].scrollIntoView({{block: 'start'}})", nth)
    lab.page.wait_for_timeout(500)


def _tall(lab: Lab, nth: int, width: int, path: Path) -> None:
    """The whole board in a window of this width, made as high as the board is."""
    page = lab.page
    page.set_viewport_size({"width": width, "height": DESK["height"]})
    page.wait_for_timeout(500)
    for _ in range(2):
        high = page.evaluate(f"(n) => document.querySelectorAll('{BOARD}')[n].getBoundingClientRect().height", nth)
        page.set_viewport_size({"width": width, "height": int(high) + 160})
        page.wait_for_timeout(400)
    _to_top(lab, nth)
    lab.screenshot(path)


def _read(lab: Lab, shots: Path, name: str) -> None:
    """The notebook from top to bottom, a window at a time."""
    page = lab.page
    page.set_viewport_size({"width": DESK["width"], "height": 1800})
    page.wait_for_timeout(500)
    page.evaluate(f"() => {{ document.querySelector('{SCROLLER}').scrollTop = 0; }}")
    for number in range(1, 40):
        page.wait_for_timeout(500)
        lab.screenshot(shots / "pages" / f"{name}.{number:02d}.png")
        if page.evaluate(f"""() => {{ const o = document.querySelector('{SCROLLER}'); const before = o.scrollTop;
                             o.scrollTop += o.clientHeight - 40; return o.scrollTop - before; }}""") < 50:
            break
    page.set_viewport_size(DESK)


def main() -> int:
    """Look at the notebooks named, or at all; exit 0 where nothing was wrong, 2 where something was."""
    parser = argparse.ArgumentParser(prog="look", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("notebooks", nargs="*", help="names without .ipynb; all where none is named")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "shots" / "look", help="where pictures go")
    parser.add_argument("--pages", action="store_true", help="also photograph each notebook from top to bottom")
    asked = parser.parse_args()
    found = sorted((ROOT / "notebooks").glob("*.ipynb"))
    chosen = [path for path in found if not asked.notebooks or path.stem in asked.notebooks]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        course = Path(folder) / "course"
        course.mkdir()
        for path in chosen:
            shutil.copy(path, course / path.name)
        with serving(course, Path(folder) / "state") as server:
            for path in chosen:
                seen = _one(server, browser, path.name, asked.out, asked.pages)
                wrong += len(seen.faults)
                told = asdict(seen)
                print(json.dumps(told, ensure_ascii=False, indent=1), flush=True)
    print(f"{len(chosen)} notebooks, {wrong} faults; pictures in {asked.out}")
    return 2 if wrong else 0


def _one(server: Server, browser: Any, path: str, shots: Path, pages: bool) -> Seen:
    server.forget()
    lab = Lab(server, browser)
    try:
        return look_at(lab, path, shots, pages)
    except Exception as error:  # one notebook that cannot be used must not hide the others
        lab.screenshot(shots / f"{Path(path).stem}.failed.png")
        return Seen(path.removesuffix(".ipynb"), faults=[f"{type(error).__name__}: {str(error)[:600]}"])
    finally:
        lab.close()


if __name__ == "__main__":
    sys.exit(main())
