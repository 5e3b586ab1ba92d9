"""The interview's clock: runs in the browser, so that a busy kernel never stops it; the blocks as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

_SCRIPT = """
const two = (n) => String(Math.floor(n)).padStart(2, "0");
const shown = (s) => (s < 0 ? "+" : "") + two(Math.abs(s) / 60) + ":" + two(Math.abs(s) % 60);
function render({ model, el }) {
  const blocks = model.get("blocks");
  const total = blocks.reduce((sum, b) => sum + b[1], 0) * 60;
  el.classList.add("cb-clock");
  el.innerHTML = `<div class="cb-clock-row"><button type="button"></button>
    <span role="timer" class="cb-clock-left"></span> <span class="cb-clock-now"></span>
    <span class="cb-clock-say" aria-live="polite"></span></div><div class="cb-clock-bar"></div>`;
  const button = el.querySelector("button"), left = el.querySelector(".cb-clock-left");
  const now = el.querySelector(".cb-clock-now"), say = el.querySelector(".cb-clock-say");
  const bar = el.querySelector(".cb-clock-bar");
  for (const [title, minutes] of blocks) {
    const part = document.createElement("div");
    part.style.flexGrow = minutes;
    part.innerHTML = '<i></i><span></span>';
    part.querySelector("span").textContent = `${title} ${minutes} min`;
    bar.append(part);
  }
  // Elapsed seconds before the last start, and when that was; kept in the page, so that a restart of the kernel
  // does not stop the interview.
  let before = 0, since = null, told = -1;
  const elapsed = () => before + (since === null ? 0 : (performance.now() - since) / 1000 * model.get("pace"));
  const paint = () => {
    const s = elapsed();
    let at = 0, block = blocks.length - 1, from = 0;
    for (let i = 0; i < blocks.length; i++) {
      const size = blocks[i][1] * 60;
      bar.children[i].querySelector("i").style.width = `${Math.max(0, Math.min(1, (s - at) / size)) * 100}%`;
      if (s >= at && s < at + size) { block = i; from = at; }
      at += size;
    }
    left.textContent = shown(total - s);
    el.classList.toggle("cb-clock-over", s > total);
    now.textContent = s > total ? "time is up" : blocks[block][0];
    const key = s > total ? blocks.length : block;
    if (since !== null && key !== told) {
      told = key;
      say.textContent = key === blocks.length ? "Time is up: close now." : key ? `Next block: ${blocks[key][0]}.` : "";
    }
    button.textContent = since === null ? (before ? "Go on" : "Start the clock") : "Pause";
  };
  button.addEventListener("click", () => {
    if (since === null) since = performance.now(); else { before = elapsed(); since = null; }
    paint();
  });
  paint();
  const timer = setInterval(() => { if (since !== null) paint(); }, 250);
  return () => clearInterval(timer);
}
export default { render };
"""

_STYLE = """
.cb-clock{font:14px/1.4 var(--jp-ui-font-family,system-ui,sans-serif);color:var(--jp-ui-font-color0,#1f2a33);
 max-width:880px;margin:6px 0}
.cb-clock-row{display:flex;gap:14px;align-items:baseline;flex-wrap:wrap}
.cb-clock button{font:inherit;padding:3px 12px;border:1px solid #0072B2;border-radius:6px;background:#0072B2;color:#fff;
 cursor:pointer}
.cb-clock button:focus-visible{outline:3px solid #E69F00;outline-offset:2px}
.cb-clock-left{font-size:26px;font-weight:650;font-variant-numeric:tabular-nums}
.cb-clock-over .cb-clock-left{color:#D55E00}
.cb-clock-bar{display:flex;gap:3px;margin-top:6px}
.cb-clock-bar div{position:relative;background:var(--jp-layout-color2,#e8e8e8);border-radius:4px;overflow:hidden;
 min-width:56px;flex-basis:0}
.cb-clock-bar i{position:absolute;inset:0 auto 0 0;background:#0072B2;opacity:.28}
.cb-clock-bar span{position:relative;display:block;padding:2px 6px;font-size:12px;white-space:nowrap;overflow:hidden;
 text-overflow:ellipsis}
"""


class Clock(anywidget.AnyWidget):
    """Counts down the blocks of an interview. ``pace`` is seconds of the clock for one real second (tests)."""

    _esm = _SCRIPT
    _css = _STYLE
    blocks = traitlets.List([]).tag(sync=True)
    pace = traitlets.Float(1.0).tag(sync=True)

    @classmethod
    def of(cls, blocks: Sequence[tuple[str, float]], pace: float = 1.0) -> Clock:
        """The clock for blocks of (title, minutes)."""
        return cls(blocks=[list(block) for block in blocks], pace=pace)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, with the plan in words for a page without a kernel (exports)."""
        made = super()._repr_mimebundle_(**kwargs)
        data = made[0] if isinstance(made, tuple) else made
        if isinstance(data, dict):
            data["text/plain"] = "The clock: " + ", ".join(f"{title} {minutes:g} min" for title, minutes in self.blocks)
        return made
