"""What a learner writes: the records, their short forms, the answer they make, and the reader of
notebooks.
"""

from casebook.answer.answer import Answer
from casebook.answer.closing import Audit, Close, Pushback
from casebook.answer.data_plan import DataPlan
from casebook.answer.errors import AnswerError, ShortFormError
from casebook.answer.hypothesis import Hypothesis
from casebook.answer.metric import Metric
from casebook.answer.notes import ComponentNote, Handoff
from casebook.answer.parts import PART_NAMES, RECORDS
from casebook.answer.planning import Phase, TimePlan
from casebook.answer.quantity import Quantity, find_quantities, parse_quantity
from casebook.answer.reader import Problem, Reading, read_notebook
from casebook.answer.record import Record
from casebook.answer.risk import Risk
from casebook.answer.rollout import Cadence, Rollout, Stage
from casebook.answer.scoping import Assumption, Constraint, Question, Scope
from casebook.answer.table import Table
from casebook.answer.target import Target, parse_target
from casebook.answer.tradeoff import Prediction, SizingPass, Tradeoff

__all__ = [
    "PART_NAMES",
    "RECORDS",
    "Answer",
    "AnswerError",
    "Assumption",
    "Audit",
    "Cadence",
    "Close",
    "ComponentNote",
    "Constraint",
    "DataPlan",
    "Handoff",
    "Hypothesis",
    "Metric",
    "Phase",
    "Prediction",
    "Problem",
    "Pushback",
    "Quantity",
    "Question",
    "Reading",
    "Record",
    "Risk",
    "Rollout",
    "Scope",
    "ShortFormError",
    "SizingPass",
    "Stage",
    "Table",
    "Target",
    "TimePlan",
    "Tradeoff",
    "find_quantities",
    "parse_quantity",
    "parse_target",
    "read_notebook",
]
