"""Answers written to exhaust or to leave the reader: the strong notebook with one attack in an answer cell."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.kind import READ, RUN, Scene, added, kind, of

PLACE = "answer-sizing"


def line(
    name: str, tries: str, text: str | Callable[[Scene], str], *statuses: str, reason: str = "", how: str = READ
) -> None:
    """A kind whose attack is one more line at the end of an answer cell."""

    def make(scene: Scene) -> None:
        scene.write(added(scene.strong(), PLACE, text if isinstance(text, str) else text(scene)))

    statuses = statuses or ("partial",)
    kind(name, tries, *statuses, reason=reason or (PLACE if "graded" not in statuses else ""), how=how, same=False)(
        make
    )


line("brackets 5,000 deep", "to overflow the parser", "x = " + "(" * 5000 + ")" * 5000)
line("lists 90 deep", "to overflow the walker", "x = " + "[" * 90 + "]" * 90)
line("4,000 signs before a number", "to overflow the walker", "x = " + "-" * 4000 + "1")
line("a sum of 9,000 numbers", "to overflow a walker that follows the left side", "x = 1" + "+1" * 9000)
line("attributes 4,000 deep", "to overflow a walker of attributes", "x = a" + ".b" * 4000)
line("calls 3,000 deep", "to overflow a walker of calls", "x = " + "Metric(" * 3000 + ")" * 3000)
line("20,000 statements", "to cost time one by one", "x=0;" * 4_500)
line("20,000 characters of commas", "to build an endless list", "x = [" + "0," * 9000 + "]")
line(
    "a list of itself, 60 times over",
    "to be walked 2 to the 60th times",
    "x = [1]\n" + "x = [x, x]\n" * 60 + "sizing = x",
    "partial",
    "graded",
)
line("a text doubled 60 times", "to fill memory", "x = 'ab'\n" + "x = x + x\n" * 60)
line("a power of powers", "to cost hours", "x = 9**9**9**9")
line("a text times a billion", "to fill memory", "x = 'x' * 10**12", "needs-manual", "partial", "graded", how=RUN)
line("a number beyond all", "to be parsed for hours", "x = " + "9" * 6000)
line("infinity where a number belongs", "to make every sum infinite", "flag_precision = Audit('flag-precision', 1e999)")
line(
    "NaN where a number belongs",
    "to make every comparison false",
    "flag_precision = Audit('flag-precision', 1e999-1e999)",
)
line("a null character", "to end the text early for some readers", "x = 'a\0b'", "partial", "graded")
line(
    "an import of the operating system",
    "to have the reader import it",
    lambda scene: f"import os\nos.system('touch {scene.flag}')",
    "needs-manual",
    "graded",
    how=RUN,
)
line(
    "an attribute of an attribute",
    "to climb from a record to the interpreter",
    lambda scene: f"x = Hypothesis.__init__.__globals__['os'].system('touch {scene.flag}')",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)
line(
    "an f-string that writes",
    "to have the reader evaluate it",
    lambda scene: f"x = f\"{{open('{scene.flag}', 'w')}}\"",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)
line(
    "a lambda and a walrus",
    "to have the reader call it",
    lambda scene: f"x = (y := (lambda: open('{scene.flag}', 'w')))()",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)
line(
    "a decorator and a class",
    "to run while it is being read",
    lambda scene: f"@(lambda c: open('{scene.flag}', 'w'))\nclass X: pass",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)
line(
    "a knob of a trillion replicas", "to make the simulator allocate for each", "design = case.design(replicas=10**12)"
)
line(
    "a negative and a tiny knob",
    "to make the simulator divide by nothing",
    "design = case.design(replicas=-1, threshold=1e-300)",
)
line("an option that is a path", "to be looked up as a file", "design = case.design(serving='../../../etc/passwd')")
line(
    "the records renamed",
    "to have the wrong record built",
    "Metric = Risk = Hypothesis",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)
line(
    "Audits for every name",
    "to guess all numbers at once",
    "x = [" + ", ".join(f"Audit('flag-precision', {n})" for n in range(300)) + "]",
)
line("unfinished text", "to hide the rest of the cell", "x = '''")
line(
    "a magic that runs the shell",
    "to run a program",
    lambda scene: f"!touch {scene.flag}",
    "needs-manual",
    "graded",
    "partial",
    how=RUN,
)


@kind("a short form of 1 MB", "to cost time in the reader of short forms", "refused", reason="characters", same=False)
def megabyte(scene: Scene) -> None:
    notebook = scene.strong()
    of(notebook, "answer-frame")["source"] = f'hypothesis = Hypothesis("{"for artists, " * 80_000}")'
    scene.write(notebook)


@kind(
    "short forms as long as a cell may be",
    "to cost time in the reader of short forms",
    "partial",
    reason="answer-frame",
    same=False,
)
def long_forms(scene: Scene) -> None:
    notebook = scene.strong()
    of(notebook, "answer-frame")["source"] = f'hypothesis = Hypothesis("{"for a decide: from 1 % to " * 740}")'
    of(notebook, "answer-rollout")["source"] = f'rollout = Rollout("MVP 8 weeks{"; 5 % of users for 2 weeks" * 650}")'
    scene.write(notebook)


@kind("250 cells of 20,000 characters", "to cost time cell by cell", "refused", reason="is the limit", same=False)
def many_long_cells(scene: Scene) -> None:
    notebook = scene.strong()
    cell = of(notebook, PLACE)
    notebook["cells"] += [cell | {"source": "x = [" + "0," * 9990 + "]"}] * 250
    scene.write(notebook)
