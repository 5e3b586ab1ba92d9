"""Turns a submission that can be read into one that must be run, and whose answer is the same."""

from __future__ import annotations

import ast

from tests.cohort.people import Notebook


def computing(notebook: Notebook) -> Notebook:
    """The same answer, with a comprehension in it: it cannot be read any more. Changes and returns ``notebook``."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "questions = [" not in source:
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "questions":
                listed = ast.get_source_segment(source, node.value) or ""
                cell["source"] = source.replace(listed, f"[word for word in {listed}]", 1)
                return notebook
    raise ValueError("no cell of this notebook lists questions: there is nothing to compute")
