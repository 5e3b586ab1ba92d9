"""The schemas for editors are in step with the records, accept every seeds file, and refuse what the loader refuses."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casebook.facts import read_seed
from casebook.facts.article import Fact
from casebook.facts.files import seeds_root
from casebook.facts.loader import ARTICLES, own_seeds
from casebook.facts.schema import KINDS, schemas, write

ROOT = Path(str(seeds_root()))
KIND_OF = {
    **{f"{name}.yaml": "article" for name in ARTICLES}, "frameworks.yaml": "frameworks", "audits.yaml": "audits",
    "drills.yaml": "drills", "interviews.yaml": "interviews",
    "catalog.yaml": "catalog", **{f"cases/{case_id}.yaml": "case" for case_id in own_seeds().case_ids()},
}


def schema(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "schema" / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def complaints(kind: str, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(kind)).iter_errors(data)]


def test_the_schemas_are_in_step_with_the_records() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "schema").iterdir()}
    stale = sorted(name for name, text in schemas(ROOT).items() if there.get(name) != text)
    assert stale == [], "write them anew: python -m casebook.facts.schema"
    assert set(there) == {f"{kind}.json" for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("file", KIND_OF)
def test_every_seeds_file_is_accepted(file: str) -> None:
    assert complaints(KIND_OF[file], read_seed(file)) == []


@pytest.mark.parametrize("file", [*(f"{name}.yaml" for name in ARTICLES), "frameworks.yaml", "audits.yaml",
                                  "drills.yaml", "interviews.yaml"])
def test_the_first_line_tells_an_editor_which_schema(file: str) -> None:
    first = (ROOT / file).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=schema/{KIND_OF[file]}.json"
    assert (ROOT / "schema" / f"{KIND_OF[file]}.json").is_file()


@pytest.mark.parametrize(("file", "change", "words"), [
    ("scale.yaml", {"vaule": 3}, "vaule"), ("scale.yaml", {"kind": "seedclaim"}, "seedclaim"),
    ("scale.yaml", {"section": "number"}, "number"), ("scale.yaml", {"value": "120 ms"}, "120 ms"),
    ("scale.yaml", {"value": "catalog:gpu.l4.usd_h"}, "catalog:gpu.l4.usd_h"),
])
def test_a_mistyped_fact_is_marked(file: str, change: dict[str, Any], words: str) -> None:
    data = deepcopy(read_seed(file))
    data["facts"][0].update(change)
    assert any(words in text for text in complaints("article", data))


def test_only_a_case_may_refer_to_figures_elsewhere() -> None:
    data = read_seed("cases/stability-moderation.yaml")
    written = json.dumps(data)
    assert "catalog:" in written and "fact:" in written
    assert "catalog|fact" in json.dumps(schema("case"))
    assert "catalog|fact" not in json.dumps([schema(kind) for kind in KINDS if kind not in ("case", "interviews")])
    data["targets"][0]["limit"] = "200 ms"
    assert complaints("case", data)


def test_keys_are_explained_in_the_readmes_words() -> None:
    explained = schema("article")["$defs"]["Fact"]["properties"]
    assert "relative, points, share" in explained["percent"]["description"]
    silent = {key for key, shape in explained.items() if "description" not in shape and "$ref" not in shape}
    assert silent == set()
    assert set(explained) == set(Fact.model_fields)


def test_writing_touches_only_what_differs(tmp_path: Path) -> None:
    shutil.copy(ROOT / "README.md", tmp_path)
    assert write(tmp_path) == [f"{kind}.json" for kind in KINDS]
    (tmp_path / "schema" / "audits.json").write_text("{}\n", encoding="utf-8")
    assert write(tmp_path) == ["audits.json"]
    assert write(tmp_path) == []
