"""The notebook's one object: `work` asks, checks, locks, opens boards, pushes back and keeps score.

It only keeps parts and shows pages; what is kept, checked and said are pure functions beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course import workbook_outcome as outcome
from casebook.course import workbook_pages as pages
from casebook.course.workbook_keep import Kept, borrowed_answer, is_blank, looked_at
from casebook.course.workbook_page import page, para, show

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.design import Case, Design, Evaluation


COVER = (
    "Covered until you have written down a prediction: run the cell with your prediction first. "
    "A blank one will do."
)
VARIABLES = {"design": "board", "alternative": "board2"}


class Workbook:
    """One learner, one case. Methods show a page and return nothing, except `board` and `answer`."""

    def __init__(
        self,
        case: Case,
        scenario: str,
        seed: int,
        borrowed: Answer | None,
        rubric: str,
        quiet: bool,
        suffix: str = "",
        code: str = "",
    ) -> None:
        self.case = case
        self.scenario = scenario
        self.seed = seed
        self.rubric = rubric
        self.quiet = quiet
        self.suffix = suffix
        self.kept = Kept(case.id, borrowed, code)
        self._open = False
        self._boards: dict[str, Any] = {}

    @property
    def answer(self) -> Answer:
        """Everything written so far."""
        return self.kept.answer()

    def welcome(self) -> None:
        """Say what is open, and which numbers are the student's own."""
        from casebook.course.workbook_variant import numbers_page

        show(pages.welcome(self.case, self.scenario, self.kept.borrowed is not None))
        own = numbers_page(self.case.data, self.kept.code)
        if own is not None:
            show(own)

    def ask(self, questions: Sequence[Any]) -> None:
        """Uncover the facts behind the questions asked; too many or an unknown one is said kindly."""
        from casebook.facts import near_miss

        allowed = int(self.case.data.asking.allowed)
        bank = [item.id for item in self.case.data.questions]
        words = [getattr(item, "id", item) for item in questions]
        unknown = [word for word in words if word not in bank]
        if unknown:
            show(
                page(
                    f"There is no question “{unknown[0]}” in the bank",
                    para(near_miss(str(unknown[0]), bank)),
                    mood="mend",
                )
            )
            return
        asked = list(dict.fromkeys(words))
        if len(asked) > allowed:
            show(
                page(
                    f"You may ask {allowed}, and these are {len(asked)}",
                    para("Take out what would change nothing in your design."),
                    mood="mend",
                )
            )
            return
        self.kept.put(questions=asked)
        kept = [item.id for item in self.answer.questions]
        show(pages.uncovered(self.case, kept, allowed))

    def check(self, **parts: Any) -> None:
        """Keep these parts and show at once what is missing in them."""
        blank = self.kept.put(**parts)
        names = list(parts)
        answer = self.answer
        if "notes" in parts:
            for board in self._boards.values():
                board.notes = answer.notes
        if self.quiet or len(blank) == len(names):
            show(pages.checked(names, blank, (), ()))
            return
        from casebook.checks import grade
        from casebook.checks.registry import check_for

        findings = [
            finding
            for finding in grade(answer, self.rubric).findings
            if self._is_asked(finding.id, parts.get("audits"))
        ]
        needs: Mapping[str, Sequence[str]] = {
            finding.id: check_for(finding.id, self.case.data).needs for finding in findings
        }
        written = [name for name in names if name not in blank]
        show(pages.checked(names, blank, *looked_at(findings, written, answer, needs)))

    def _is_asked(self, finding: str, audits: Any) -> bool:
        """False for a number that stands in another step."""
        from casebook.course.build_words import numbers_of

        data = self.case.data
        here = {getattr(item, "id", "") for item in (audits or ())}
        ids = {audit.fact.removeprefix(f"{data.article}."): audit.id for audit in data.audits}
        ids |= {number.id: number.id for number in numbers_of(data)}
        return finding not in ids or ids[finding] in here

    def lock(self, prediction: Any) -> None:
        """Keep the prediction and uncover the board."""
        self.kept.put(prediction=prediction)
        self._open = True
        for board in self._boards.values():
            board.uncover()
        show(pages.locked(self.answer.prediction))

    def board(self, part: str = "design") -> Any:
        """The board on which ``design`` or ``alternative`` is chosen; covered until a prediction was locked.

        The alternative's board begins with the design that was kept, so that one change makes the difference.
        """
        from casebook.show import Board

        answer, behind = self.answer, self.kept.borrowed
        start = getattr(answer, part) or answer.design
        board = Board(
            self.case,
            self.scenario,
            name=f"{VARIABLES[part]}{self.suffix}",
            notes=answer.notes,
            cover="" if self._open else COVER,
            estimates_first=True,
            lent=start if behind is not None and start == getattr(behind, part) else None,
        )
        if start is not None:
            board.keep(**start.as_kwargs())
        self._boards[part] = board
        return board

    def compare_prediction(self, design: Design | None) -> None:
        """Keep the design and set the prediction beside what it does."""
        self.kept.put(design=design)
        answer = self.answer
        if answer.design is not None:
            from casebook.design import evaluate

            ev = evaluate(answer.design, self.case.conditions(self.scenario), seed=self.seed)
            show(outcome.compared(answer.prediction, ev))

    def front(self, design: Design | None = None, designs: int = 200) -> None:
        """Show what else can be had: bill, tail and quality of ``designs`` others, and this design among them.

        Takes some seconds. Without a design it is the one that was kept.
        """
        from casebook.course.workbook_search import front_of

        show(front_of(self.case, self.scenario, design or self.answer.design, designs))

    def tornado(self, design: Design | None = None) -> None:
        """Show which knob, and which unsure source, moves the design's tail and bill most."""
        from casebook.course.workbook_search import tornado_of

        show(tornado_of(self.case, self.scenario, design or self.answer.design))

    def inject(self, pushback: str) -> None:
        """Change the world as the interviewer does and run the kept design again."""
        found = next((item for item in self.case.data.pushbacks if item.id == pushback), None)
        if found is None:
            self.case.conditions(pushback=pushback)
        design = self.answer.design
        before, after = self._evaluation(design), self._evaluation(design, pushback)
        show(outcome.pushed(found, before, after, self.case.data.instead))

    def scorecard(self) -> None:
        """The public score, with the attempt before beside it."""
        from casebook.checks import grade
        from casebook.course.attempts import Attempt, remember

        answer = self.answer
        report = grade(answer, self.rubric)
        attempts: list[Attempt] = []
        if report.answered:
            digest = hashlib.sha256(answer.to_json().encode()).hexdigest()[:16]
            attempts = remember(
                self.case.id,
                Attempt(
                    digest,
                    round(report.score, 2),
                    report.possible,
                    {name: round(cell.points, 2) for name, cell in report.cells.items()},
                ),
            )
        show(pages.scorecard(report, attempts))

    def speaking_card(self) -> None:
        """Everything written, in the order in which it is said."""
        from casebook.course.workbook_card import speaking_card

        show(speaking_card(self.answer, self._evaluation(self.answer.design)))

    def side_by_side(self) -> None:
        """The same answer under the rubrics of all five articles."""
        if not self.answer.answered():
            show(pages.nothing_yet("Five rubrics"))
            return
        from casebook.show.rubrics import rubrics_panel

        show(rubrics_panel(self.answer))

    def frameworks(self) -> None:
        """The article's frameworks as forms, filled with what was written."""
        from casebook.course.workbook_forms import forms_page

        show(forms_page(self.answer, self.rubric))

    def _evaluation(self, design: Design | None, pushback: str = "") -> Evaluation | None:
        """The graded run on the day that the checks judge, whatever day the board was opened on."""
        if design is None or is_blank(design):
            return None
        from casebook.checks import load_rubric
        from casebook.design import evaluate

        day = load_rubric(self.rubric, self.case.id).scenario or self.scenario
        return evaluate(design, self.case.conditions(day, pushback), graded=True)


def open_workbook(
    case_id: str,
    scenario: str = "",
    seed: int = 0,
    answer_path: str | Path | None = None,
    rubric: str = "",
    quiet: bool = False,
    suffix: str = "",
    code: str = "",
) -> Workbook:
    """The workbook of a case: ``scenario`` is the day the board opens on, ``seed`` that of the outcome shown
    beside the prediction, ``answer_path`` JSON of an answer that fills in what is left blank, ``rubric`` whose
    points count ('' the case's own). A ``quiet`` one leaves the findings to the test cells of an assignment;
    ``suffix`` ends the names of its boards where cases share a notebook; ``code`` is a student's, whose numbers then
    count (a code that cannot be read leaves the printed ones, and the welcome says so).

    An unknown case or scenario, or an answer to another case, is an error that lists what there is.
    """
    from casebook.answer.code import home, typed_code
    from casebook.checks.casefile import own_rubric
    from casebook.design.conditions import default_scenario
    from casebook.public import load_case

    case_id, code = home(case_id, typed_code(code))
    case = load_case(case_id)
    day = case.conditions(scenario or default_scenario(case.data)).scenario
    borrowed = borrowed_answer(answer_path, case_id)
    return Workbook(case, day, seed, borrowed, rubric or own_rubric(case.data), quiet, suffix, code)


__all__ = ["Workbook", "open_workbook"]
