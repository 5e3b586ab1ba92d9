"""Bad cells: what stock nbgrader is beaten with, forged marks and ids, and unicode that deceives."""

from __future__ import annotations

import copy
import json
import unicodedata

from tests.cohort.people import ASSIGNMENT, people
from tests.cohort.people import hand_in as as_handed_in
from tests.hostile.kind import BEST, Notebook, Scene, added, answers, kind, marked, of, own_cell, renamed

ODD_NUMBERS = ("1e999", "-1e999", "9**9**9**9", "1e308*1e308")


@kind("patched run_cell", "20 of 20 from stock for an empty answer")
def patched_run_cell(scene: Scene) -> None:
    patch = "get_ipython().run_cell = lambda *a, **k: 1000.0\nimport casebook.checks\ncasebook.checks.grade = None"
    scene.write(own_cell(scene.strong(), patch))


@kind("__eq__ override", "10 of 10 from stock for wrong answers")
def override_eq(scene: Scene) -> None:
    lines = "class Everything(float):\n    __eq__ = __gt__ = __ge__ = lambda *a: True\nscore = points = Everything(1e9)"
    scene.write(own_cell(scene.strong(), lines))


@kind("AST transformer", "9 of 10 from stock by taking the asserts out")
def ast_transformer(scene: Scene) -> None:
    lines = (
        "import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Strip())"
    )
    scene.write(own_cell(scene.strong(), lines))


@kind("write to the gradebook", "594 of 35 points from stock, and other students' grades")
def gradebook_write(scene: Scene) -> None:
    book = scene.course / "autograde" / "gradebook.db"
    lines = f"import sqlite3\ndb = sqlite3.connect({str(book)!r})\ndb.execute('update grade set manual_score = 99')"
    scene.write(own_cell(scene.strong(), lines + "\ndb.commit()"))


@kind("os._exit", "to be dropped by stock and exported as 0.0 without a mark")
def exits(scene: Scene) -> None:
    scene.write(own_cell(scene.strong(), "import os\nos._exit(0)"))


@kind("a loop that swallows interrupts", "to be dropped by stock and exported as 0.0 without a mark")
def swallows(scene: Scene) -> None:
    scene.write(
        own_cell(scene.strong(), "while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    )


@kind("reads the source and the neighbours", "to show the instructor's files in its own feedback")
def reads_source(scene: Scene) -> None:
    lines = f"secret = open({scene.secret!r}).read()\nclose = Close(goal=secret)\nprint(secret)"
    scene.write(own_cell(scene.strong(), lines))


@kind("grade = false", "to have its test cells left out")
def grade_false(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in marked(notebook):
        cell["metadata"]["nbgrader"] |= {"grade": False, "solution": False, "locked": False}
    scene.write(notebook)


@kind("forged points and checkers", "to be worth more than the assignment")
def forged_points(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in marked(notebook):
        if cell["metadata"]["nbgrader"]["grade"]:
            cell["metadata"]["nbgrader"]["points"] = 1e9
            cell["source"] = cell["source"] if cell["cell_type"] == "markdown" else "1e9"
    scene.write(notebook)


@kind("forged outputs and mime bundles", "to be graded for what it printed")
def forged_outputs(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            bundle = {
                "text/plain": "20.0",
                "text/html": "<script>owned = 1</script>",
                "application/javascript": "owned = 2",
                "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
                "application/x-casebook-answer": {"score": 100},
            }
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": bundle},
                {"output_type": "error", "ename": "<b>", "evalue": "1", "traceback": ["\x1b]0;owned\x07"]},
            ]
    notebook["metadata"]["casebook_outcome"] = {"status": "graded", "cells": [], "score_before_caps": 100}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": "<script>"}}}
    scene.write(notebook)


@kind("doubled cells", "to abort the whole cohort, as one doubled id does in stock")
def doubled(scene: Scene) -> None:
    notebook = scene.strong()
    notebook["cells"] += copy.deepcopy(notebook["cells"])
    scene.write(notebook)


@kind("doubled test cells with full marks in them", "to be counted twice")
def doubled_checks(scene: Scene) -> None:
    notebook = scene.strong()
    checks = [copy.deepcopy(cell) for cell in marked(notebook) if cell["metadata"]["nbgrader"]["grade"]]
    notebook["cells"] += [
        cell | {"source": f"{cell['source']}\n20.0"} for cell in checks if cell["cell_type"] == "code"
    ]
    scene.write(notebook)


@kind("no ids at all", "to be dropped by whoever looks cells up by their name")
def no_ids(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    scene.write(notebook)


@kind("test cells left out", "to have the checks it fails left out")
def checks_left_out(scene: Scene) -> None:
    notebook = scene.strong()
    graded = [cell for cell in marked(notebook) if cell["metadata"]["nbgrader"]["grade"]]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in graded or cell["cell_type"] == "markdown"]
    scene.write(notebook)


@kind("ids that look alike", "to stand beside the real cell under a name nobody can tell from it")
def lookalike_ids(scene: Scene) -> None:
    notebook = scene.strong()
    for cell in answers(notebook):
        name = cell["metadata"]["nbgrader"]["grade_id"]
        cell["metadata"]["nbgrader"]["grade_id"] = name.replace("a", "\N{CYRILLIC SMALL LETTER A}") + "\u200b"
    scene.write(notebook)


@kind("ids that are paths, markup and numbers", "to be used as a file name or shown as they are")
def odd_ids(scene: Scene) -> None:
    notebook = scene.strong()
    odd = ["../../../../owned", "<script>owned = 1</script>", "'; drop table grade; --", "\x00", "x" * 100_000]
    notebook["cells"] += [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {"nbgrader": {"grade_id": name, "grade": True, "solution": True, "points": 50}},
            "source": "",
            "outputs": [],
        }
        for name in odd
    ]
    notebook["cells"].append({"cell_type": "code", "id": 7, "metadata": {"nbgrader": {"grade_id": [1]}}, "source": "0"})
    scene.write(notebook)


@kind(
    "names in other letters of the same shape",
    "to be read as one name here and another one there",
    "partial",
    reason="answer-frame",
    same=False,
)
def lookalike_names(scene: Scene) -> None:
    notebook = scene.strong()
    cell = of(notebook, "answer-frame")
    cell["source"] = cell["source"].replace("hypothesis =", "hyp\N{CYRILLIC SMALL LETTER O}thesis =")
    scene.write(notebook)


@kind("names in wide letters", "to be read as one name by Python and another one by a reader of text")
def wide_names(scene: Scene) -> None:
    notebook = scene.strong()
    cell = of(notebook, "answer-frame")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "hypothesis")
    assert unicodedata.normalize("NFKC", wide) == "hypothesis"
    cell["source"] = cell["source"].replace("hypothesis =", f"{wide} =")
    scene.write(notebook)


@kind("half characters and terminal commands", "to break whoever encodes it, and to write on the instructor's terminal")
def half_characters(scene: Scene) -> None:
    notebook = added(scene.strong(), "answer-close", "# \ud800 \x1b]0;owned\x07 \x1b[2J \x9b31m \u202e")
    scene.write(own_cell(notebook, "\ud800\x1b[2J"))


@kind(
    "text that runs from right to left",
    "to show the reader another sentence than the one that is graded",
    "graded",
    "partial",
    same=False,
)
def right_to_left(scene: Scene) -> None:
    scene.write(renamed(scene.strong(), "Toxic uploads fall by 30 %", "\u202e% 03 yb llaf sdaolpu cixoT\u202c by 30 %"))


@kind("formulas for a spreadsheet", "to run when the instructor opens the export", "graded", "partial", same=False)
def formulas(scene: Scene) -> None:
    notebook = scene.strong()
    of(notebook, "answer-rank")["source"] += '\nscope = \'=HYPERLINK("http://x.invalid","grade")\''
    of(notebook, "answer-close")["source"] += "\nspeaking = '@SUM(1+1)*cmd|calc'"
    scene.write(notebook)


@kind("templates and format strings", "to be filled in by whoever prints it", "graded", "partial", same=False)
def templates(scene: Scene) -> None:
    evil = "{0.__class__.__mro__} %(secret)s ${HOME} {{7*7}} {% import os %} #{7*7}"
    scene.write(renamed(scene.strong(), "Everybody by day 90", evil))


@kind(
    "notebook of another assignment",
    "to be graded for the wrong case",
    "refused",
    reason="This is the notebook of startups-tickets",
    same=False,
)
def another_assignment(scene: Scene) -> None:
    release = scene.course / "release" / "startups-tickets" / "startups-tickets.ipynb"
    scene.write(release.read_bytes())


@kind("the empty release", "to be given points for handing in", "graded", same=False)
def untouched(scene: Scene) -> None:
    scene.write(copy.deepcopy(scene.released))


@kind("someone else's answer", "to be graded as its own; a neighbour's file byte for byte")
def someone_elses(scene: Scene) -> None:
    scene.write((scene.course / "autograde" / "submitted" / "a-good" / ASSIGNMENT / scene.path.name).read_bytes())


@kind("answers of two people in one notebook", "to have the better one counted part by part")
def two_answers(scene: Scene) -> None:
    other: Notebook = json.loads(
        as_handed_in(next(person for person in people() if person.name not in (BEST, "ivo", "otto")), scene.released)
    )
    notebook = scene.strong()
    notebook["cells"] = other["cells"] + notebook["cells"]
    scene.write(notebook)
