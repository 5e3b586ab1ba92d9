"""plotly's script sent to the page once a kernel and read there once a page, however many figures there are.

A FigureWidget carries all five megabytes of it by itself. Six of them keep a slow page busy for longer than the
two seconds after which anywidget gives up on a widget and drops every message to it: the figure stays empty.
"""

from __future__ import annotations

import functools
from pathlib import Path

import anywidget
import plotly
import traitlets

# What stands in each figure instead: it is ready at once, and draws when the script has been read.
FIGURE_SCRIPT = """
const read = async (model) => {
  const found = (globalThis.__casebookPlotly ||= new Map());
  const id = model.get("carrier").replace("IPY_MODEL_", "");
  if (!found.has(id)) {
    found.set(id, (async () => {
      const carrier = await model.widget_manager.get_model(id);
      const address = URL.createObjectURL(new Blob([carrier.get("script")], { type: "text/javascript" }));
      try { return (await import(address)).default; } finally { URL.revokeObjectURL(address); }
    })());
    found.get(id).catch(() => found.delete(id));
  }
  return found.get(id);
};
export default {
  async render({ model, el, signal }) {
    const make = await read(model);
    if (signal && signal.aborted) return;
    const figure = make();
    figure.initialize({ model });
    return figure.render({ model, el });
  },
};
"""


class Carrier(anywidget.AnyWidget):
    """A widget without a face that holds plotly's script for all figures."""

    _esm = "export default {};"
    script = traitlets.Unicode("").tag(sync=True)


@functools.cache
def carrier() -> Carrier:
    """The one carrier of this process."""
    bundle = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"
    return Carrier(script=bundle.read_text("utf-8"))
