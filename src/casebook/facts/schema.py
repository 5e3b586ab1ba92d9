"""JSON schemas for editors, made of the records that the loader uses; keys are explained in README's words.

``python -m casebook.facts.schema`` writes ``seeds/schema/``; a test fails where the files differ.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from casebook.facts.article import Article
from casebook.facts.audit import AuditBook
from casebook.facts.base import Record
from casebook.facts.book import Catalog
from casebook.facts.case import CaseData
from casebook.facts.drill import DrillBook
from casebook.facts.files import seeds_root
from casebook.facts.framework import FrameworkBook
from casebook.facts.interview import InterviewBook
from casebook.facts.rubric import RubricBook

KINDS: dict[str, tuple[type[Record], str]] = {
    "article": (Article, "An article"),
    "frameworks": (FrameworkBook, "A framework"),
    "audits": (AuditBook, "An audit"),
    "drills": (DrillBook, "A drill"),
    "interviews": (InterviewBook, "An interview"),
    "rubrics": (RubricBook, "The rubrics"),
    "catalog": (Catalog, "The catalogue"),
    "case": (CaseData, "A case"),
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = {"type": "string", "pattern": "^(catalog|fact):[^ ]+$",
             "description": "catalog:<id> or fact:<id>; a percentage of an article arrives as a share"}
_ROW = re.compile(r"^\| (?P<keys>`[^|]*`) \| (?P<means>.*) \|$")


def schema_of(kind: str, readme: str) -> dict[str, Any]:
    """The schema of one kind of seeds file; ``readme`` is the text of ``seeds/README.md``."""
    model, heading = KINDS[kind]
    made: dict[str, Any] = model.model_json_schema()
    means = explained(readme, heading)
    for record in (made, *made.get("$defs", {}).values()):
        _explain(record, means)
    if kind in ("case", "interviews"):   # only these may refer to figures that stand elsewhere
        made = _with_references(made)
    return {"$schema": DIALECT, **made}


def explained(readme: str, heading: str) -> dict[str, str]:
    """Key → what it means, from the tables under one heading of the README."""
    section = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found: dict[str, str] = {}
    for line in section.splitlines():
        row = _ROW.match(line)
        for key in re.findall(r"`([a-z_]+)`", row["keys"]) if row else ():
            found[key] = row["means"].replace("`", "") if row else ""
    return found


def _explain(record: dict[str, Any], means: dict[str, str]) -> None:
    """Put README's words on the keys of one record; the titles pydantic invents say nothing and go."""
    record.pop("title", None)
    for key, shape in record.get("properties", {}).items():
        shape.pop("title", None)
        if key in means and "$ref" not in shape:
            shape["description"] = means[key]


def _with_references(shape: Any) -> Any:
    """A copy in which a number may also be written as a reference."""
    if isinstance(shape, list):
        return [_with_references(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    if shape.get("type") == "number":
        told = {key: shape[key] for key in ("description", "default") if key in shape}
        bare = {key: value for key, value in shape.items() if key not in told}
        return {"anyOf": [bare, REFERENCE], **told}
    return {key: _with_references(value) for key, value in shape.items()}


def schemas(root: Path) -> dict[str, str]:
    """File name → text of every schema, for the seeds folder ``root``."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    return {f"{kind}.json": json.dumps(schema_of(kind, readme), indent=1, ensure_ascii=False) + "\n"
            for kind in KINDS}


def write(root: Path) -> list[str]:
    """Write the schemas into ``root/schema``; the names of those that changed."""
    folder = root / "schema"
    folder.mkdir(exist_ok=True)
    changed: list[str] = []
    for name, text in schemas(root).items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    home = seeds_root()
    if not isinstance(home, Path):
        raise SystemExit("The schemas are written in a clone, not in an installed wheel.")
    print("\n".join(f"schema/{name} written" for name in write(home)) or "The schemas are as they should be.")
