"""What a notebook of the course needs, done once: called by name in the process that warm kernels are forked from.

Everything here is public and the same for everybody; nothing of it may leave a thread behind.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator

KERNEL = (
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "pdb",
    "sqlite3",
    "tornado.platform.asyncio",
    "xmlrpc.client",
    "zmq.utils.garbage",
)
NOTEBOOK = ("numpy", "pandas", "plotly.graph_objects", "plotly.io", "ipywidgets", "matplotlib_inline.backend_inline")
COURSE = (
    "casebook.answer",
    "casebook.checks",
    "casebook.course.public",
    "casebook.course.workbook",
    "casebook.course.workbook_pages",
    "casebook.design",
    "casebook.engine",
    "casebook.search",
    "casebook.show",
)
CASE = "stability-moderation"


def warm() -> None:
    """Import it all, draw one figure and one board, and run what a finished answer sets off."""
    for name in (*KERNEL, *NOTEBOOK, *COURSE):
        with contextlib.suppress(ModuleNotFoundError):  # pandas, for one, is not everywhere
            importlib.import_module(name)
    _figure()
    with _layout_in_one_thread():
        _board()


def _figure() -> None:
    from plotly import graph_objects, io

    io.to_json(graph_objects.Figure(graph_objects.Scatter(x=[0, 1], y=[0, 1])))


def _board() -> None:
    """One board as a learner opens it; its simulation compiles or loads every loop that the others use too."""
    from casebook.course.public import check_cell
    from casebook.public import load_case
    from casebook.show.layout import lay_out

    lay_out("digraph { a -> b }")
    case = load_case(CASE)
    design = case.board().keep(**case.preset(case.data.presets[-1].id).as_kwargs())
    check_cell(CASE, "design", {"design": design})
    _forget_widgets()


def _forget_widgets() -> None:
    """Widgets made here belong to nobody's page: each kernel must make its own, those kept in a cache as well."""
    from ipywidgets import Widget

    modules = [module for name, module in sys.modules.items() if name.startswith("casebook.")]
    for function in {id(item): item for module in modules for item in vars(module).values()}.values():
        if not isinstance(function, functools._lru_cache_wrapper) or inspect.signature(function).parameters:
            continue
        if function.cache_info().currsize and isinstance(function(), Widget):
            function.cache_clear()
    Widget.close_all()


@contextlib.contextmanager
def _layout_in_one_thread() -> Iterator[None]:
    """Graphviz is compiled by as many threads as there are cores, and a cache has one of its own: here by none."""
    if importlib.util.find_spec("wasmtime") is None:
        yield
        return
    import wasmtime

    plain = wasmtime.Engine

    def alone(_: wasmtime.Config | None = None) -> wasmtime.Engine:
        config = wasmtime.Config()
        config.parallel_compilation = False
        return plain(config)

    vars(wasmtime)["Engine"] = alone
    try:
        yield
    finally:
        vars(wasmtime)["Engine"] = plain
