"""A case's palette, a learner's design on it, and what the design does under a scenario.

The one object everything hangs on: drawn, priced, simulated and graded from here.
"""

from casebook.design.case import Case, cases, load_case
from casebook.design.conditions import Conditions
from casebook.design.design import Design, DesignError
from casebook.design.evaluating import evaluate, forget_evaluations
from casebook.design.evaluation import Evaluation
from casebook.design.parts import Edge, Part
from casebook.design.verdict import Verdict

__all__ = [
    "Case",
    "Conditions",
    "Design",
    "DesignError",
    "Edge",
    "Evaluation",
    "Part",
    "Verdict",
    "cases",
    "evaluate",
    "forget_evaluations",
    "load_case",
]
