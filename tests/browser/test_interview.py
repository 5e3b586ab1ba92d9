"""The interview's clock and report in a real browser: it counts and pauses; the report prints on one sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.answer import Answer
from casebook.course.interview import draw, write_report
from casebook.course.interview_result import result
from casebook.show.clock import Clock

ROOT = Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><html lang="en"><body><div id="el"></div><style>%s</style><script type="module">
%s
const state = %s;
render({ model: { get: (name) => state[name] }, el: document.getElementById("el") });
</script></body></html>"""


def clock_page(folder: Path, pace: float) -> Path:
    blocks = "[['Opening', 5], ['Design', 15], ['Questions', 5]]"
    script = str(Clock._esm).replace("export default { render };", "")
    path = folder / "clock.html"
    path.write_text(PAGE % (Clock._css, script, f"{{blocks: {blocks}, pace: {pace}}}"), encoding="utf-8")
    return path


def test_the_clock_counts_down_pauses_and_announces_the_blocks(chromium, tmp_path: Path) -> None:
    page = chromium.new_page()
    page.clock.install(time=0)
    page.goto(clock_page(tmp_path, pace=600.0).as_uri())
    page.clock.pause_at(3600)  # from here on time passes only where the test lets it
    left = page.get_by_role("timer")
    assert left.inner_text() == "25:00"
    page.get_by_role("button", name="Start the clock").press("Enter")
    page.clock.run_for(1000)
    assert page.locator(".cb-clock-now").inner_text() == "Design"
    assert page.locator("[aria-live=polite]").inner_text() == "Next block: Design."
    page.get_by_role("button", name="Pause").click()
    stopped = left.inner_text()
    page.clock.run_for(600)
    assert left.inner_text() == stopped == "15:00"
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(2000)
    assert page.locator(".cb-clock-now").inner_text() == "time is up"
    assert "+" in left.inner_text()
    page.close()


@pytest.mark.parametrize("strong", [True, False])
def test_the_report_opens_offline_and_prints_on_one_sheet(chromium, tmp_path: Path, strong: bool) -> None:
    text = (
        ROOT / "tests" / "answers" / f"stability-moderation.{'strong' if strong else 'form-filler'}.json"
    ).read_text()
    kind = draw(1, 45, "STB", "stability-moderation").kind
    path = write_report(result(kind, Answer.from_json(text), ["design", "close", "frame"], 1), tmp_path / "report.html")
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    page.set_viewport_size({"width": 420, "height": 800})
    page.wait_for_function("window.innerWidth === 420")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
