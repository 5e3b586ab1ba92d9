"""Running a notebook whose answers compute, for people the instructor trusts: an ordinary kernel, no jail.

What comes back is the answer as JSON, which the judge treats like any other stranger's file.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace

from casebook.course.judge import JudgeProcess
from casebook.course.outcome import Outcome
from casebook.course.repair import Rebuilt

CELL_SECONDS = 60
MARK = "casebook-answer:"


def run_for_answer(rebuilt: Rebuilt, case_id: str, judge: JudgeProcess) -> Outcome:
    """Run the learner's cells in a fresh kernel, take the answer's JSON from it and have it judged."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_code_cell, new_notebook

    from casebook.course.kernels import by_files

    last = (
        "from casebook.answer import Answer as _CasebookAnswer\n"
        f"print({MARK!r} + _CasebookAnswer.gather({case_id!r}, dict(globals()))[0].to_json())"
    )
    notebook = new_notebook(cells=[new_code_cell(source) for source in (*rebuilt.sequence, last)])
    with tempfile.TemporaryDirectory(prefix="casebook-trusted-") as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            iopub_timeout=CELL_SECONDS,  # the answer is printed: late is better than never
            config=by_files(folder),
            allow_errors=True,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            shutdown_kernel="immediate",
        )
        try:
            client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except CellTimeoutError:
            told = f"A cell ran longer than {CELL_SECONDS} seconds and the notebook was stopped."
            return Outcome("timeout", told, rebuilt.repairs, how="run")
        except DeadKernelError:
            return Outcome("crashed", "The kernel ended while the notebook ran.", rebuilt.repairs, how="run")
        except Exception as error:  # whatever a kernel makes the client raise is that submission's failure
            told = f"The notebook could not be run ({type(error).__name__})."
            return Outcome("crashed", told, rebuilt.repairs, how="run")
    printed = "".join(output.get("text", "") for output in notebook.cells[-1].outputs if output.get("name") == "stdout")
    if MARK not in printed:
        told = "The notebook ran, but its answer could not be taken from it: a cell before it failed."
        return Outcome("crashed", told, rebuilt.repairs, how="run")
    outcome = judge.judge_answer(printed.split(MARK, 1)[1].strip())
    return replace(outcome, repairs=rebuilt.repairs, how="run")
