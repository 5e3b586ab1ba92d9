"""A mock interview: a prompt drawn by seed, a clock, steps in the learner's own order, interruptions, a report.

Nothing is said about an answer before the end, as in the room.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.workbook import Workbook
from casebook.course.workbook_keep import borrowed_answer
from casebook.course.workbook_page import page, para, points_list, show, table

if TYPE_CHECKING:
    from casebook.course.interview_result import Result
    from casebook.design import Case
    from casebook.facts import Interview as Kind

# Which step a part of the answer belongs to; a part that is not here belongs to none.
STEP_OF = {
    "questions": "ask",
    "assumptions": "ask",
    "hypothesis": "frame",
    "metrics": "frame",
    "constraints": "frame",
    "scope": "frame",
    "prediction": "predict",
    "design": "design",
    "notes": "estimate",
    "handoffs": "estimate",
    "alternative": "tradeoff",
    "tradeoff": "tradeoff",
    "sizing": "sizing",
    "rollout": "rollout",
    "risks": "rollout",
    "cadence": "rollout",
    "phases": "rollout",
    "data_plan": "rollout",
    "pushbacks": "pushbacks",
    "close": "close",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the seed drew: the kind of interview and the case."""

    kind: Kind
    case_id: str


class NoInterview(ValueError):
    """Nothing fits what was asked for; the message lists what there is."""


def draw(seed: int, minutes: int = 0, article: str = "", case_id: str = "") -> Drawn:
    """The interview and case that ``seed`` draws among those that fit; the same seed draws the same.

    ``minutes`` 25, 45 or 60 (0: any), ``article`` STB, SCL, STU, GEN or MJ ('' any), ``case_id`` a case ('' any).
    A case goes with its own article's interview; where an article has no case yet, any case serves.
    """
    from casebook.facts import case_ids, interviews, load_case_data

    kinds = [
        kind
        for kind in interviews()
        if (not minutes or int(kind.minutes) == minutes) and (not article or kind.article == article.upper())
    ]
    if not kinds:
        have = ", ".join(f"{kind.article} {float(kind.minutes):g}" for kind in interviews())
        raise NoInterview(
            f"no interview of {minutes or 'any'} minutes at {article or 'any company'}. There are: {have}."
        )
    known = case_ids()
    if case_id and case_id not in known:
        raise NoInterview(f"there is no case {case_id!r}. There are: {', '.join(known)}.")
    wanted = [case_id] if case_id else list(known)
    pairs = [(kind, name) for kind in kinds for name in wanted if load_case_data(name).article == kind.article]
    pairs = pairs or [(kind, name) for kind in kinds for name in wanted]
    kind, name = random.Random(f"interview {seed}").choice(pairs)
    return Drawn(kind, name)


class Interview(Workbook):
    """One interview. Keeps what is written, in which order the steps were begun, and which interruptions came."""

    def __init__(self, case: Case, scenario: str, seed: int, drawn: Drawn, borrowed: Any) -> None:
        super().__init__(case, scenario, seed, borrowed, drawn.kind.rubric, quiet=True)
        self.kind = drawn.kind
        self.order: list[str] = []
        self.interrupted: list[str] = []

    def begin(self) -> Any:
        """The interviewer's first sentence, the plan of the time, and the clock (started by its button)."""
        from casebook.facts import render

        data = self.case.data
        rows = [(block.title, f"{float(block.minutes):g} min", ", ".join(block.steps)) for block in self.kind.blocks]
        show(
            page(
                self.kind.title,
                para(f"“{render(data.brief)}”", "say"),
                table(["block", "", "steps that belong there"], rows, (1,)),
                para(
                    f"Questions you may ask: up to {int(data.asking.allowed)}, by name: "
                    f"{', '.join(question.id for question in data.questions)}."
                ),
                para(f"Parts on the board: {', '.join(slot.id for slot in data.slots)}."),
                para(f"Who may own a part: {', '.join(data.owners)}."),
                para("Nothing is said about your answers before the end. Begin with whatever you would begin with."),
                mood="quiet",
            )
        )
        return self.clock()

    def clock(self) -> Any:
        """The clock alone: it runs in the browser, also while a cell is busy."""
        from casebook.show.clock import Clock

        blocks = [(block.title, float(block.minutes)) for block in self.kind.blocks]
        return Clock.of(blocks)

    def ask(self, questions: Sequence[Any]) -> None:
        """Ask the interviewer; the facts are uncovered as in the workbook."""
        if questions:
            self._began("ask")
        super().ask(questions)

    def check(self, **parts: Any) -> None:
        """Keep these parts. What is missing in them is said at the end."""
        blank = self.kept.put(**parts)
        written = [name for name in parts if name not in blank]
        for name in written:
            self._began(STEP_OF.get(name, ""))
        if not written:
            show(page("Nothing written yet", para("Fill in the blanks and run the cell again."), mood="quiet"))
            return
        step = STEP_OF.get(written[0], "")
        place = f" That was your step {self.order.index(step) + 1}: {step}." if step in self.order else ""
        due = self.due()
        blocks = [para(f"Written down: {', '.join(written)}.{place}")]
        if due:
            blocks.append(para("The interviewer leans forward: run the cell “Interrupted” now."))
        show(page("Kept", *blocks, mood="quiet"))

    def lock(self, prediction: Any) -> None:
        """Keep the prediction and uncover the board."""
        super().lock(prediction)
        if self.answer.prediction is not None:
            self._began("predict")

    def compare_prediction(self, design: Any) -> None:
        """Keep the design; prediction and outcome are set side by side at the end."""
        self.check(design=design)

    def due(self) -> tuple[str, ...]:
        """Pushbacks whose moment has come and that were not put yet."""
        ids = [item.id for item in self.case.data.pushbacks]
        ready = [
            pushback
            for step, pushback in zip(self.kind.interrupts, ids, strict=False)
            if step in self.order and pushback not in self.interrupted
        ]
        return tuple(ready)

    def interrupt(self) -> None:
        """The next interruption, if its moment has come: the world changes and the kept design is run again."""
        due = self.due()
        if not due:
            when = [step for step in self.kind.interrupts if step not in self.order]
            words = f"They will interrupt you, after your {when[0]}." if when else "They have nothing more to ask."
            show(page("Nobody interrupts you now", para(words), mood="quiet"))
            return
        self.interrupted.append(due[0])
        self.inject(due[0])

    def finish(self, path: str | Path | None = None) -> None:
        """The scorecard, whether the order was a good one, and the report of one page at ``path`` (a new file)."""
        from casebook.course.interview_result import result_of

        result = result_of(self)
        show(_scorecard(result))
        if path is not None:
            written = write_report(result, Path(path))
            show(page("Your report", para(f"{written} opens without a network and prints on one page."), mood="quiet"))

    def _began(self, step: str) -> None:
        if step and step not in self.order:
            self.order.append(step)


def _scorecard(result: Result) -> Any:
    if not result.answered:
        return page(
            "Mock interview: not answered", para("Nothing was written, so there is nothing to judge."), mood="quiet"
        )
    rows = [("✓" if item.kept else "✗", item.said, "" if item.kept else item.why) for item in result.order]
    mend = [("→", f"{item.title}  (−{item.lost:.3g})", item.message, item.fix) for item in result.mend]
    caps = [
        para(f"Held at {cap.percent:g} %{f' ({cap.label})' if cap.label else ''}: {cap.cause}") for cap in result.caps
    ]
    return page(
        f"{result.title}: {result.headline}",
        *caps,
        para("In which order you spoke"),
        points_list(rows),
        para("What to mend first"),
        points_list(mend) if mend else para("Nothing is missing."),
        mood="good" if not mend else "mend",
    )


def write_report(result: Result, path: Path) -> Path:
    """Write the page of ``result`` to ``path``, or beside it under the next free number; nothing is overwritten."""
    from casebook.show.interview_page import interview_html

    html = interview_html(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(html)
        except FileExistsError:
            continue
        return target
    raise NoInterview(f"{path.parent} holds a thousand reports of this name. Move some of them away.")


def open_interview(
    minutes: int = 45,
    seed: int = 0,
    article: str = "",
    case: str = "",
    answer_path: str | Path | None = None,
) -> Interview:
    """A mock interview of 25, 45 or 60 minutes, drawn by ``seed``; see ``draw``. ``answer_path`` fills in blanks."""
    from casebook.checks import load_rubric
    from casebook.design.conditions import default_scenario
    from casebook.public import load_case

    drawn = draw(seed, minutes, article, case)
    opened = load_case(drawn.case_id)
    day = load_rubric(drawn.kind.rubric, drawn.case_id).scenario or default_scenario(opened.data)
    return Interview(opened, day, seed, drawn, borrowed_answer(answer_path, drawn.case_id))


__all__ = ["Drawn", "Interview", "NoInterview", "draw", "open_interview", "write_report"]
