"""The board: controls, headline, figures and picture of one design, and `keep`, which turns it into code."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from casebook.design import Conditions, evaluate
from casebook.show.controls import Controls
from casebook.show.rewrite import CellWriter, keep_call
from casebook.show.stills import board_html
from casebook.show.svg import content_id
from casebook.show.view import View

if TYPE_CHECKING:
    from casebook.design import Case, Design, Evaluation

QUICK_REQUESTS = 20_000
REST_REQUESTS = 100_000
_WRITER = CellWriter()


class Board:
    """A case's controls beside what they do.

    `scenario`: id of the scenario to start with. `preset`: id of the design to start from (the case's plain
    one where empty). `notes`: the answer's `ComponentNote`s, for owner badges. `cover`: words to show instead
    of the board until `uncover()` is called. `estimates_first`: a part's cost is told once `notes` hold an
    estimate of it. `lent`: the design of a file of answers, for which an empty `keep()` stands. `errors` lists
    every exception of a callback, newest last; the board shows the newest. `controls` gives every control by
    name, each with a `value`.
    """

    def __init__(
        self,
        case: Case,
        scenario: str | Conditions = "",
        *,
        name: str = "board",
        preset: str = "",
        notes: Iterable[Any] = (),
        cover: str = "",
        estimates_first: bool = False,
        lent: Design | None = None,
    ) -> None:
        self.case, self.name = case, name
        self.errors: list[Exception] = []
        self._notes, self._cover = tuple(notes), cover
        self._given = scenario if isinstance(scenario, Conditions) else case.conditions(scenario)
        self._touched = False
        self._kept: Design | None = None
        self._lent = lent
        self._judged_tick = -1
        # JupyterLab lets widgets speak in a thread of their own, beside a running cell: one of them at a time.
        self._turn = threading.RLock()
        self._controls = Controls(case, self._on_touch, self._guard)
        self._view = View(case.data, self._controls, self._still_class, estimates_first=estimates_first)
        self._view.pulse.observe(lambda change: self._guard(self._settle), names="rested")
        self._view.pulse.observe(lambda change: self._guard(self._fit), names="width_px")
        self._view.lay(cover)
        presets = case.data.presets
        first = preset or next((item.id for item in presets if item.role == "plain"), presets[0].id)
        self._controls.show(case.preset(first))
        self._controls.set_scenario(self._given.scenario)
        self._refresh()

    # what a program may ask --------------------------------------------------------------------------------
    @property
    def controls(self) -> dict[str, Any]:
        """Name → control: `scenario`, `preset`, `slot:<id>`, `knob:<name>`."""
        return self._controls.all

    @property
    def design(self) -> Design:
        """The design that the controls show now."""
        return self._controls.design()

    @property
    def kept(self) -> Design | None:
        """The design that was kept last, or None."""
        return self._kept

    @property
    def conditions(self) -> Conditions:
        """The scenario that the controls show, with the changes the board was opened under."""
        chosen = str(self._controls.scenario.value)
        return self._given if chosen == self._given.scenario else self.case.conditions(chosen)

    @property
    def evaluation(self) -> Evaluation:
        """What the shown design does, over 100,000 requests."""
        return evaluate(self.design, self.conditions, requests=REST_REQUESTS)

    @property
    def notes(self) -> tuple[Any, ...]:
        """The notes that give the parts their owners; assigning them redraws the picture."""
        return self._notes

    @notes.setter
    def notes(self, notes: Iterable[Any]) -> None:
        with self._turn:
            self._notes = tuple(notes)
            self._refresh()

    def uncover(self) -> None:
        """Show the board where it was covered."""
        with self._turn:
            self._cover = ""
            self._view.lay()

    def keep(self, **kwargs: str | float) -> Design | None:
        """Keep the design that the controls show, as code.

        After a control was touched: returns what the controls show and rewrites its own cell with it.
        Untouched: sets the controls to its arguments and returns them. Untouched and without arguments: the lent
        design, or None, "not answered". Raises `DesignError` where an argument is not on the palette.
        """
        with self._turn:
            if self._touched:
                design = self.design
                self._write_down(design, sys._getframe(1))
            elif kwargs:
                design = self.case.design(**kwargs)
                self._controls.show(design)
            elif self._lent is not None:
                design = self._lent
                self._controls.show(design)
                print("Nothing was chosen here: the design of your file of answers stands.")
            else:
                print(
                    f"Not answered yet: change something on the board, then run this cell again. "
                    f"A cell that reads {self.name}.keep() without a choice counts as blank."
                )
                return None
            self._kept, self._touched = design, False
            self._refresh()
            return design

    def _write_down(self, design: Design, frame: Any) -> None:
        line = keep_call(f"{self.name}.keep", design.as_kwargs())
        if _WRITER.write(_shell(), frame, design.as_kwargs()):
            print(f"Kept. Should the cell above look as before, paste this line into it:\n{line}")
        else:
            print(f"Kept. Paste this line into the cell, so that it is still there tomorrow:\n{line}")

    # how it is displayed -----------------------------------------------------------------------------------
    @property
    def _still_class(self) -> str:
        return content_id("cb-still", self.case.id, self.name)

    def still(self) -> str:
        """The board as a still page of HTML, complete without script or network; covered if the board is."""
        if self._cover:
            return board_html(self.evaluation, cover=self._cover)
        judged = None
        if _fast():
            judged = evaluate(self.design, self.conditions, graded=True)
        return board_html(self.evaluation, judged, self._notes)

    def _ipython_display_(self) -> None:
        """Two outputs: the live widgets, and the still picture, which the live board's style sheet hides.

        A reopened notebook has no live board, so the still picture is seen there, and in every export.
        """
        from IPython.display import publish_display_data

        live = {"text/plain": repr(self), "text/html": "", **self._widgets()}
        publish_display_data(live)
        still = f'<div class="{self._still_class}">{self.still()}</div>'
        publish_display_data({"text/plain": f"{self.name}: {self.design!r}", "text/html": still})

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The live widgets, and for places without them the still picture, in one bundle."""
        return {**self._widgets(), "text/plain": f"{self.name}: {self.design!r}", "text/html": self.still()}

    def _widgets(self) -> dict[str, Any]:
        self._view.remember()
        bundle = dict(self._view.root._repr_mimebundle_() or {})
        bundle.pop("text/plain", None)
        return bundle

    def __repr__(self) -> str:
        return f"<board {self.name!r} of {self.case.id}: {self.design!r}>"

    # what happens when something moves ---------------------------------------------------------------------
    def _on_touch(self, name: str) -> None:
        if name != "scenario":
            self._touched = True
        self._refresh()

    def _guard(self, step: Callable[[], None]) -> None:
        """Run a callback when it is its turn; what it raises is shown on the board and kept in `errors`."""
        with self._turn:
            self._told(step)

    def _told(self, step: Callable[[], None]) -> None:
        """What is raised here stays on the board until it was drawn again."""
        try:
            step()
        except Exception as error:
            self.errors.append(error)
            self._view.fault(error)

    def _refresh(self) -> None:
        """A quick run for the moving curve; the page is asked to say when the controls have come to rest."""
        ev = evaluate(self.design, self.conditions, requests=QUICK_REQUESTS)
        self._draw(ev)
        self._view.verdicts(ev)
        self._view.pulse.tick += 1

    def _draw(self, ev: Evaluation) -> None:
        kept = self._kept
        state = "new" if kept is None else "kept" if kept == ev.design else "changed"
        self._view.draw(ev, self._then, self._notes, state)
        self._view.fault(None)

    @property
    def _then(self) -> Evaluation | None:
        """What the kept design does under the scenario that is shown."""
        return None if self._kept is None else evaluate(self._kept, self.conditions, requests=REST_REQUESTS)

    def _fit(self) -> None:
        """The page told another width: the picture and the words of the figures find new places."""
        ev = evaluate(self.design, self.conditions, requests=REST_REQUESTS)
        self._draw(ev)
        self._view.below(ev, self._then)

    def _settle(self) -> None:
        """The controls rest: the longer run for the curve now, the graded run beside the page's own path."""
        tick = self._view.pulse.tick
        if self._view.pulse.rested != tick or self._judged_tick == tick:
            return
        self._judged_tick = tick
        design, conditions = self.design, self.conditions
        ev = evaluate(design, conditions, requests=REST_REQUESTS)
        self._draw(ev)
        self._view.below(ev, self._then)
        self._view.remember()

        def judge() -> None:
            judged = evaluate(design, conditions, graded=True)
            with self._turn:  # the controls need not wait for the run itself
                if self._view.pulse.tick == tick:
                    self._view.verdicts(judged)

        threading.Thread(target=self._told, args=(judge,), name="casebook-graded", daemon=True).start()


def _fast() -> bool:
    """Whether the graded run takes well under a second (compiled kernels), so that a picture may wait for it."""
    from casebook.engine.backend import backend

    return backend() == "numba"


def _shell() -> Any:
    """The running notebook, or None."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
