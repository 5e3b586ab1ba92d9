"""A widget without a face: the browser tells the kernel that the controls have come to rest.

The timer runs in the page, because a timer of the kernel stands still while a cell runs.
"""

from __future__ import annotations

import anywidget
import traitlets

_SCRIPT = """
function tidy(root) {
  // Names for the slider handles and states for the chips, which the widgets do not give to screen readers.
  for (const slider of root.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label");
    const handle = slider.querySelector(".noUi-handle");
    if (label && handle) {
      handle.setAttribute("aria-label", label.textContent);
      const shown = slider.querySelector(".widget-readout");
      if (shown) handle.setAttribute("aria-valuetext", shown.textContent);
    }
  }
  // One name for a list makes it one stop of the Tab key, with arrow keys inside, as radio buttons are.
  root.querySelectorAll(".widget-radio-box").forEach((list, place) => {
    const name = list.dataset.cbName || (list.dataset.cbName = `cb-${place}-${performance.now()}`);
    for (const button of list.querySelectorAll("input")) button.name = name;
  });
  for (const chip of root.querySelectorAll(".cb-chip")) {
    chip.setAttribute("aria-expanded", chip.classList.contains("cb-open") ? "true" : "false");
  }
}
function render({ model, el }) {
  el.style.display = "none";
  let timer = null;
  const beat = () => {
    clearTimeout(timer);
    const tick = model.get("tick");
    timer = setTimeout(() => {
      const root = el.closest(".cb-board");
      if (root) tidy(root);
      if (model.get("rested") !== tick) { model.set("rested", tick); model.save_changes(); }
    }, model.get("pause_ms"));
  };
  model.on("change:tick", beat);
  beat();
  // The kernel lays the architecture out for the room there is, in steps of 8 px.
  // It is told once the figures stand: an update that meets a figure half made would break it.
  let later = null;
  const tell = (root) => {
    clearTimeout(later);
    later = setTimeout(() => {
      if (!root || !root.isConnected) return;
      const drawn = [...root.querySelectorAll(".js-plotly-plot")].filter((plot) => plot.querySelector(".main-svg"));
      if (drawn.length < 3) return tell(root);
      const room = Math.floor(root.getBoundingClientRect().width / 8) * 8;
      if (room > 0 && Math.abs(room - model.get("width_px")) > 8) { model.set("width_px", room); model.save_changes(); }
    }, 300);
  };
  // Figures learn of the window's size only; the board may change its own when a side bar opens.
  let wait = null, width = 0;
  const watch = new ResizeObserver((entries) => {
    const now = Math.round(entries[0].contentRect.width);
    if (now === width) return;
    width = now;
    tell(entries[0].target.closest(".cb-board"));
    clearTimeout(wait);
    wait = setTimeout(() => window.dispatchEvent(new Event("resize")), 60);
  });
  // A chip that opens brings new controls, which want their names as well.
  let soon = null;
  const notice = new MutationObserver(() => {
    clearTimeout(soon);
    soon = setTimeout(() => { const root = el.closest(".cb-board"); if (root) tidy(root); }, 40);
  });
  const seek = setInterval(() => {
    const root = el.closest(".cb-board");
    if (!root || !root.querySelector(".js-plotly-plot")) return;
    clearInterval(seek);
    watch.observe(root.querySelector(".cb-figures") || root);
    notice.observe(root.querySelector(".cb-panel"), { childList: true, subtree: true });
    notice.observe(root.querySelector(".cb-chips"), { attributes: true, subtree: true, attributeFilter: ["class"] });
    tell(root);
    tidy(root);
  }, 50);
  return () => {
    clearTimeout(timer); clearTimeout(wait); clearInterval(seek); clearTimeout(soon); clearTimeout(later);
    watch.disconnect(); notice.disconnect(); model.off("change:tick", beat);
  };
}
export default { render };
"""


class Pulse(anywidget.AnyWidget):
    """`tick` is counted up by the kernel; `rested` follows `pause_ms` after the last count.

    `width_px` is the board's width in the page; until the page has told it, that in a window of 1280 px.
    """

    _esm = _SCRIPT
    tick = traitlets.Int(0).tag(sync=True)
    rested = traitlets.Int(-1).tag(sync=True)
    pause_ms = traitlets.Int(350).tag(sync=True)
    width_px = traitlets.Int(1096).tag(sync=True)
