"""The reader: the same answer as running, nothing executed, and every refusal named with its cell and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from casebook.answer import PART_NAMES, Answer, Reading, read_notebook

CASE = "stability-moderation"
AsNotebook = Callable[[Mapping[str, str]], dict[str, Any]]
RunCells = Callable[[Mapping[str, str]], Answer]


def read(source: str | list[str], **metadata: Any) -> Reading:
    cell = {"cell_type": "code", "id": "answer-x", "source": source, "metadata": metadata}
    return read_notebook({"cells": [cell]}, CASE)


def test_reading_and_running_give_the_same_answer(
    cells: dict[str, str], as_notebook: AsNotebook, run_cells: RunCells
) -> None:
    reading = read_notebook(as_notebook(cells), CASE)
    assert (reading.problems, reading.must_run, reading.remarks, reading.not_answered) == ((), (), (), ())
    assert reading.answer == run_cells(cells)
    assert reading.answer.to_json() == run_cells(cells).to_json()


@pytest.mark.parametrize("left_out", range(11))
def test_they_agree_without_any_one_cell_that_others_do_not_need(
    left_out: int, cells: dict[str, str], as_notebook: AsNotebook, run_cells: RunCells
) -> None:
    name = list(cells)[left_out]
    if name in ("answer-assume", "answer-design"):  # others use names set there
        cells[name] = "volume = 1\nflag_precision = Audit('flag-precision', None)\n"
    else:
        del cells[name]
    reading = read_notebook(as_notebook(cells), CASE)
    assert reading.answer == run_cells(cells)
    assert reading.not_answered
    assert reading.problems == reading.must_run == ()


def test_an_untouched_form_is_not_answered() -> None:
    reading = read(
        'hypothesis = Hypothesis("")\nmetrics = [Metric(""), Metric("", kind="guardrail")]\ndesign = board.keep()\n'
        'audits = [Audit("impact-score", None)]\nclose = Close("""\n\n""")\nspeaking = ""\ntradeoff = ...\n'
    )
    assert reading.not_answered == PART_NAMES
    assert reading.problems == reading.must_run == ()


@pytest.mark.parametrize(
    "metadata",
    [{"nbgrader": {"grade_id": "answer-y"}}, {"casebook": {"answer": True}}, {"casebook.answer": True}],
)
def test_cells_are_known_by_grade_id_metadata_or_id(metadata: dict[str, Any]) -> None:
    own = {"cell_type": "code", "id": "c1", "metadata": metadata, "source": ['speaking = "a"\n', "# and no more"]}
    other = {"cell_type": "code", "id": "c2", "metadata": {}, "source": 'speaking = "b"'}
    text = {"cell_type": "markdown", "id": "answer-z", "metadata": {}, "source": "speaking = 1"}
    assert read_notebook({"cells": [own, other, text, "?", None]}, CASE).answer.speaking == "a"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("for name in [1]:\n    metrics = []", "a loop"),
        ("import os\nspeaking = 'x'", "an import"),
        ("from casebook.answer import Metric as M", "an import"),
        ("from os import *", "an import"),
        ("metrics = [Metric(t) for t in ['a']]", "a comprehension"),
        ("speaking = f'{1}'", "an f-string"),
        ("speaking = 'a'.upper()", "no record"),
        ("speaking = design.upper()", ".upper()"),
        ("speaking = open('/etc/passwd').read()", "no record"),
        ("speaking = ''.__class__", "an attribute"),
        ("speaking = __import__('os').system('x')", "no record"),
        ("Metric = 5", "gives Metric another meaning"),
        ("def keep():\n    pass", "a function"),
        ("%time speaking = 'x'", "% or !"),
        ("!ls\nspeaking = 'x'", "% or !"),
        ("design = board.keep(**{'serving': 'x'})", "unpacks"),
        ("design = board.keep('x')", "names with values"),
        ("metrics = [*[]]", "a star"),
        ("speaking = 'a' * 3", "more than + - * /"),
        ("speaking = 'a' if 1 else 'b'", "a condition"),
        ("speaking = elsewhere", "no answer cell sets"),
        ("metrics.append(Metric('recall >= 60 % daily'))", "calls append()"),
        ("work.check(metrics=[m for m in metrics])", "inside a call"),
        ("x[0] = 1", "more than plain names"),
        ("lambda: 1", "more than a plain value"),
        ("del speaking", "del"),
    ],
)
def test_what_computes_is_named_with_its_reason(source: str, reason: str) -> None:
    reading = read(source)
    assert reading.must_run == ("answer-x",)
    assert reason in reading.reasons[0].text
    assert reading.reasons[0].remedy


def test_what_a_computed_name_feeds_must_run_too_and_the_rest_is_read() -> None:
    reading = read("volume = sum([1])\nprediction = Prediction(p99_ms=volume)\nspeaking = 'still read'")
    assert reading.must_run == ("answer-x",)
    assert "volume, which is computed" in reading.reasons[1].text
    assert reading.answer.speaking == "still read"
    assert reading.answer.prediction is None


@pytest.mark.parametrize(
    ("source", "said", "remedy"),
    [
        ("metrics = [Metric('recall')]", "needs a direction", "A form that works"),
        ("metrics = [Metrik('recall >= 60 % daily')]", "Metrik is no record", "Did you mean Metric?"),
        ("metrics = [Metric('recall >= 60 % daily', kinds='x')]", "no field kinds", "Did you mean kind?"),
        ("metrics = [Metric('a < 1', text='b < 2')]", "gets text twice", "For example"),
        ("questions = [Question('a', 'b')]", "takes 1 values at most", "For example"),
        ("metric = [Metric('recall >= 60 % daily')]", "metric is no part", "Did you mean metrics?"),
        ("Hypothesys = 1\nspeakin = 'x'", "speakin is no part", "Did you mean speaking?"),
        ("mine = Metric('recall >= 60 % daily')", "nothing uses it", "The parts are"),
        ("volume = 5\nprediction = Prediction(p99_ms=volum)", "volum is not known", "Did you mean volume?"),
        ("metrics = Metric", "without brackets", "For example"),
        ("speaking = 5", "speaking: 5 stands where a text belongs", "quotes"),
        ("hypothesis = Metric('recall >= 60 % daily')", "where a Hypothesis belongs", "For example"),
        ("design = 'triton'", "where a design belongs", "board.keep()"),
        ("design = board.keep(serving='abacus')", "abacus", ""),
        ("design = board.keep(replicass=2)", "replicass", ""),
        ("metrics = {Metric('recall >= 60 % daily')}", "keep no order", "Write a list"),
        ("speaking = 'x", "not complete Python", "missing quote"),
        ("speaking = 'x'\n\x00", "not complete Python", "missing quote"),
        ("prediction = Prediction(p99_ms=1/0)", "divides by zero", "below the line"),
        ("prediction = Prediction(p99_ms=10**10**10)", "too large", "the number itself"),
        ("prediction = Prediction(p99_ms=1e999)", "too large", "the number you mean"),
        ("prediction = Prediction(p99_ms=1e300*1e300)", "too large", "Check"),
        ("prediction = Prediction(p99_ms=(-8)**0.5)", "too large", "Check"),
        ("prediction = Prediction(p99_ms=2j)", "complex value", "number or a text"),
        ("metrics = [Metric('recall >= 60 % daily', kind='primary', kind='x')]", "given twice", "Mend this line"),
        ("*'a'", "Python refuses", "Mend this line"),
        ("speaking = b'x'", "bytes value", "number or a text"),
        (f"prediction = Prediction(p99_ms=0x{'f' * 5000})", "too large", "the number you mean"),
        ("speaking = " + "(" * 150 + "1" + ")" * 150, "a text belongs", "quotes"),
        ("x = " + "[" * 60 + "]" * 60, "nested too deeply", "line of its own"),
        ("x = " + "-" * 300 + "1", "nested too deeply", "line of its own"),
        ("x = " + "1+" * 300 + "1", "nested too deeply", "line of its own"),
        ("x = [" + "1," * 500 + "]", "more than 400 entries", "matters"),
        ("x = " + "1," * 6000 + "1", "too many parts", "matters"),
        ("#" * 20_001, "longer than 20,000", "Shorten"),
    ],
)
def test_what_is_wrong_is_named_with_cell_line_and_remedy(source: str, said: str, remedy: str) -> None:
    reading = read(source)
    assert reading.must_run == ()
    assert said in reading.problems[-1].text
    assert remedy in reading.problems[-1].remedy
    assert reading.problems[-1].cell == "answer-x"
    assert reading.problems[-1].line >= 1


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "-" * 19_000 + "1",
        "x = " + "(" * 9_000 + ")" * 9_000,
        "x = " + "[" * 19_000,
        "x = " + "1+" * 9_000 + "1",
        "x = a" + ".a" * 9_000,
        "x = " + "not " * 4_900 + "1",
        "x = " + "lambda:" * 2_700 + "1",
        "x = a" + "()" * 9_000,
        "".join(" " * at + "if 1:\n" for at in range(190)),
        "x = " + "{1:" * 6_000,
        "x = " + "9" * 19_000,
        "x = '" + "\\" * 18_000,
    ],
    ids=range(12),
)
def test_deep_and_long_sources_are_a_problem_and_never_an_exception(source: str) -> None:
    reading = read(source)
    assert reading.problems or reading.must_run
    assert reading.not_answered == PART_NAMES


def test_a_second_answer_counts_and_is_reported_and_a_filled_form_is_not() -> None:
    reading = read("speaking = ''\nspeaking = 'one'\n\nspeaking = 'two'")
    assert reading.answer.speaking == "two"
    assert [(remark.line, "line 2" in remark.text) for remark in reading.remarks] == [(4, True)]
    grown = read("a = Audit('a', 1)\nb = Audit('b', 2)\naudits = [a]\naudits = [a, b]")
    assert grown.remarks == ()
    assert len(grown.answer.audits) == 2


def test_one_wrong_statement_does_not_take_the_others_along() -> None:
    reading = read("metrics = [Metric('recall')]\nspeaking = 'x'\nwork.check(metrics=metrics)")
    assert reading.answer.speaking == "x"
    assert "metrics" in reading.not_answered
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 5}', '"x"', "[" * 100_000, '{"cells": [{"cell_type": "code"}]}']
)
def test_a_broken_file_is_an_empty_answer_with_a_problem(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(content, encoding="utf-8")
    reading = read_notebook(path, CASE)
    assert reading.not_answered == PART_NAMES
    assert bool(reading.problems) == (not content.startswith('{"cells": ['))


def test_a_missing_file_and_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    assert "cannot be opened" in read_notebook(tmp_path / "nothing.ipynb", CASE).problems[0].text
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00")
    assert "not valid JSON" in read_notebook(tmp_path / "bytes.ipynb", CASE).problems[0].text


def test_a_notebook_reads_the_same_from_its_file(
    tmp_path: Path, cells: dict[str, str], as_notebook: AsNotebook
) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(as_notebook(cells)), encoding="utf-8")
    assert read_notebook(path, CASE) == read_notebook(as_notebook(cells), CASE)


@given(st.text(max_size=200))
def test_any_source_gives_a_reading(source: str) -> None:
    reading = read(source)
    assert set(reading.not_answered) == set(reading.answer.blank_fields())


PUT = [
    '"',
    "'",
    "(",
    ")",
    "[",
    "]",
    ",",
    "0",
    "-",
    "*",
    "+",
    "=",
    ".",
    "Metric",
    "keep",
    "None",
    "1e9",
    "%",
    ":",
    "{",
    "}",
    "lambda",
    "#",
    "\\",
    "volume",
    "é",
    "metrics",
]
EDITS = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(0, 6), st.sampled_from([*PUT, "", " ", "\n", "\t"])),
    min_size=1,
    max_size=4,
)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(name=st.integers(0, 10), edits=EDITS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_cell_gives_a_reading_and_agrees_with_running_where_nothing_is_wrong(
    name: int, edits: list[tuple[int, int, str]], cells: dict[str, str], as_notebook: AsNotebook, run_cells: RunCells
) -> None:
    cells = dict(cells)
    key = list(cells)[name]
    source = cells[key]
    for at, cut, put in edits:
        at %= len(source) + 1
        source = source[:at] + put + source[at + cut :]
    cells[key] = source
    reading = read_notebook(as_notebook(cells), CASE)
    if reading.problems or reading.must_run:
        return
    try:
        run_so = run_cells(cells)  # nothing but literals and records: safe to run here
    except (NameError, AttributeError, TypeError, ValueError) as error:
        event(f"a line that only shows something fails: {type(error).__name__}")
    else:
        assert run_so == reading.answer


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "metadata", "nbgrader", "id"]), inner)
        ),
        max_leaves=20,
    )
)
def test_any_dict_gives_a_reading(data: object) -> None:
    reading = read_notebook({"cells": data} if not isinstance(data, dict) else data, CASE)
    assert reading.not_answered == PART_NAMES


def test_lists_that_hold_each_other_are_no_trap() -> None:
    doubled = (
        "a = [None]\n" + "a = [a, a]\n" * 60 + "metrics = a\nmetrics = [a]\nrisks = a\na += [a]\nscope = Scope(a)\n"
    )
    reading = read(doubled)
    assert {"metrics", "risks"} <= set(reading.not_answered)
    assert reading.problems
    deep = read("a = ['recall >= 60 % daily']\n" + "a = [a]\n" * 700 + "metrics = a\nhypothesis = a\n")
    assert {problem.text.split(":")[0] for problem in deep.problems} == {"metrics", "hypothesis"}


def test_a_cell_full_of_mistakes_is_told_shortly() -> None:
    reading = read("\n".join(f"name{at} = nothing{at}" for at in range(400)))
    assert len(reading.problems) + len(reading.reasons) < 60
    many = {"cells": [{"cell_type": "code", "id": f"answer-{at}", "metadata": {}, "source": ""} for at in range(101)]}
    assert "100 is the limit" in read_notebook(many, CASE).problems[0].text
