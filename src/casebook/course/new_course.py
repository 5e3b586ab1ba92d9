"""A private course folder: chosen assignments, values of the judge that nobody else has, and what to type.

Made whole beside its place and moved there at the end, so that a failure leaves nothing half done.
"""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.settings import CONFIG_NAME, SAFE_NAME, Course
from casebook.course.values import load_values
from casebook.course.variant import make_key

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

CONFIG = '''"""Maps nbgrader's steps onto this course's folders; nbgrader and formgrader read it when started here."""

import os

from casebook.course.settings import configure

c = get_config()  # noqa: F821  (nbgrader puts it there)
configure(c, os.path.dirname(os.path.abspath(__file__)))
'''
IGNORED = """# Who handed in what, and what came of it: personal data stays out of any repository.
autograde/submitted/
autograde/autograded/
autograde/feedback/
autograde/solution/
autograde/exports/
autograde/records/
autograde/exchange/
autograde/formative/
autograde/replaced/
autograde/.grading*
autograde/hand-grades.csv
autograde/accepted-codes.json
autograde/policy.yaml
autograde/received.csv
autograde/*.db
gradebook.db
people.csv
handed-in/
# tables, pages, reports and a platform's zip, where docs/instructor.md has them written
/*.csv
/*.html
/*-report.ipynb
/*.zip
# The course's key: whoever has it can work out everybody's code.
autograde/judge/*.key
my-work/
.nbgrader.log
.ipynb_checkpoints/
__pycache__/
"""
NEAR, FAR = 0.55, 0.95  # how far from the printed number towards the sample's a fresh value lies


@dataclass(frozen=True, slots=True)
class NewCourse:
    """``folder`` as made; ``assignments`` it holds; ``files`` relative to it, sorted."""

    folder: Path
    assignments: tuple[str, ...]
    files: tuple[str, ...]


def find_clone(start: Path | None = None) -> Path | None:
    """The clone of the project that masters come from: ``start`` or above, else the one Casebook was installed from."""
    try:
        return Course.find(start).root
    except CourseError:
        if start is not None:
            raise
    installed = Path(__file__).resolve().parents[3]
    return installed if (installed / CONFIG_NAME).is_file() and (installed / "source").is_dir() else None


def new_course(
    folder: Path, assignments: Sequence[str] = (), clone: Path | None = None, *, codes: bool = False
) -> NewCourse:
    """Make ``folder``: masters and student copies of ``assignments`` (default: all of ``clone``), fresh values.

    With ``codes`` also a key: then every submission needs its student's code.

    Without a ``clone`` the folder has everything but assignments. `CourseError` where there is anything already.
    """
    folder = folder.expanduser().absolute()
    _refuse(folder, clone)
    chosen = _chosen(assignments, clone)
    draft = folder.with_name(f".{folder.name}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)  # solutions, and soon grades: for nobody else on a shared machine
    except FileExistsError:
        remedy = "Delete it if no other casebook new-course is running, and run this again."
        raise CourseError(str(draft), "an unfinished course lies in the way", remedy) from None
    except OSError as error:
        raise disk_trouble(error, str(folder)) or error from error
    try:
        _fill(draft, chosen, clone, codes)
        if folder.is_dir():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise disk_trouble(error, str(folder)) or error from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    files = tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
    return NewCourse(folder, chosen, files)


def fresh_values(data: CaseData, sample: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    """Conditions of the judge like the sample's, none of them as in it, and none harder.

    Each number lies between the printed one and the sample's, at a place that ``rng`` draws. Without a sample the
    model takes a few per cent longer, which every case knows.
    """
    told = list(sample.get("conditions") or ()) or [{"facts": {"serving_time_factor": 1.2}}]
    return {"conditions": [_drawn(data, dict(one), rng) for one in told]}


def values_text(assignment: str, values: Mapping[str, Any]) -> str:
    """A judge's file with these values."""
    import yaml

    lines = [
        f"# The judge's own values for {assignment}. Drawn for this course: nobody else has them, and nobody should.",
        "# Conditions beside the case's own under which a kept design is tried; the same keys as a pushback's change",
        "# (facts, targets, arrivals). Change them as you like, then: casebook grade. A release that would carry one",
        "# of them is refused.",
        f"assignment: {assignment}",
    ]
    return "\n".join(lines) + "\n" + yaml.safe_dump(dict(values), sort_keys=False, default_flow_style=None, width=110)


def _refuse(folder: Path, clone: Path | None) -> None:
    if folder.exists() or folder.is_symlink():
        if not folder.is_dir() or folder.is_symlink():
            raise CourseError(str(folder), "there is a file of that name", "Name a folder that does not exist yet.")
        first = next(iter(sorted(path.name for path in folder.iterdir())), None)
        if first is not None:
            problem = f"the folder is not empty (it holds {first!r}), and nothing is ever overwritten"
            raise CourseError(str(folder), problem, "Name a folder that does not exist yet.")
    for above in folder.parents:
        if (above / CONFIG_NAME).is_file():
            problem = f"it would lie inside the course {above}" + (", which is public" if above == clone else "")
            raise CourseError(str(folder), problem, "Name a folder outside of it.")


def _chosen(wanted: Sequence[str], clone: Path | None) -> tuple[str, ...]:
    if clone is None:
        if wanted:
            remedy = "Name a clone or an unpacked archive of the project: --from FOLDER."
            raise CourseError(wanted[0], "the installed package has no masters (they hold the solutions)", remedy)
        return ()
    known = sorted(path.name for path in (clone / "source").glob("*") if any(path.glob("*.ipynb")))
    for name in wanted:
        if name not in known or not SAFE_NAME.match(name):
            listed = ", ".join(known) or "none yet (run: casebook build)"
            raise CourseError(f"assignment {name!r}", f"{clone} has no such assignment", f"It has: {listed}.")
    return tuple(dict.fromkeys(wanted)) or tuple(known)


def _fill(draft: Path, chosen: Sequence[str], clone: Path | None, codes: bool) -> None:
    from casebook.course.repair import load_release
    from casebook.facts import load_case_data

    course = Course(draft)
    rng = random.Random(secrets.token_bytes(32))
    (draft / CONFIG_NAME).write_text(CONFIG, encoding="utf-8")
    (draft / ".gitignore").write_text(IGNORED, encoding="utf-8")
    (draft / "README.md").write_text(_readme(chosen), encoding="utf-8")
    (draft / "autograde" / "judge").mkdir(parents=True)
    for name in ("source", "release"):
        (draft / name).mkdir()
    if codes:
        make_key(course)
    for name in chosen:
        assert clone is not None
        for kind in ("source", "release"):
            if (clone / kind / name).is_dir():
                left_out = shutil.ignore_patterns(".ipynb_checkpoints", ".*", "*.key")
                shutil.copytree(clone / kind / name, draft / kind / name, ignore=left_out)
        case_id = load_release(course.release(name)).case_id
        sample_path = Course(clone).judge_values(name)
        sample = load_values(sample_path) if sample_path.is_file() else {}
        values = fresh_values(load_case_data(case_id), sample, rng)
        course.judge_values(name).write_text(values_text(name, values), encoding="utf-8")


def _drawn(data: CaseData, one: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    from casebook.design.conditions import default_scenario

    day = data.scenario(str(one.get("scenario") or default_scenario(data)))
    printed = {
        "facts": {"serving_time_factor": 1.0, "d_prime_shift": 0.0} | {k: float(v) for k, v in day.every_fact.items()},
        "targets": {target.id: float(target.limit) for target in data.targets},
        "arrivals": {k: v for k, v in day.arrivals.model_dump().items() if isinstance(v, float)},
    }
    made = dict(one)
    for group, known in printed.items():
        if isinstance(one.get(group), Mapping):
            made[group] = {
                name: _between(float(known.get(name, value)), value, rng) if isinstance(value, int | float) else value
                for name, value in one[group].items()
            }
    return made


def _between(printed: float, sample: float, rng: random.Random) -> float:
    """A number of four figures from the printed one towards the sample's; a whole one where both are."""
    whole = float(sample).is_integer() and float(printed).is_integer() and abs(sample - printed) > 20
    for _ in range(100):
        drawn = printed + (sample - printed) * rng.uniform(NEAR, FAR)
        value = float(f"{drawn:.4g}")
        value = int(value) if whole else value
        # Three figures at least: shorter numbers cannot be told from others where a release is searched for them.
        if value != sample and sum(sign.isdigit() for sign in f"{value:.12g}".strip("0.-")) >= 3:
            return value
    return sample


def _readme(chosen: Sequence[str]) -> str:
    name = chosen[0] if chosen else "ASSIGNMENT"
    none = "None yet: copy a folder into `source/` and one into `release/`."
    there = "\n".join(f"- `{item}`" for item in chosen) or none
    return f"""# A private course

Keep this folder to yourself: `source/` holds solutions, `autograde/judge/` what only the judge knows. Run everything
from inside it.

## Assignments

{there}

## Before the first day

```
casebook doctor                                        # is everything here that grading needs?
casebook release {name}      # the student copy again; refuses to hand out a secret
```

`people.csv` has a column `student` (the name of the folder a submission is put into) and any of `name`, `id`,
`sis_id`, `login`, `email`, `section`.

**Numbers of their own for every student**, only if you want them:

```
casebook roster --new-key                              # once; unless the course was made with --codes
casebook roster {name} --people people.csv
```

`roster` prints one code a student; the code goes to the top of the notebook and sets some numbers of the case for that
student alone. From then on a submission without its code waits for you. Keep a copy of `autograde/judge/variant.key` in
a safe place: with another key every code is wrong.

Hand out the folder under `release/`.

## The day

```
# each submission: autograde/submitted/<student>/{name}/{name}.ipynb
casebook grade {name}
casebook feedback {name}
casebook export {name} --to grades.csv
```

Whoever is not scored has a status with its reason and an empty score, never a 0. A missing code, or somebody else's,
is `needs-manual`; `casebook grade {name} --accept-code STUDENT` lets it count as it stands.

The whole day, with hand-graded prose, formgrader, deadlines and import files for a learning platform:
docs/instructor.md of the project. Codes and variants: docs/variants.md.
"""
