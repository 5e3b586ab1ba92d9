"""Importing stays light without anything working differently: grammars when asked for, Graphviz compiled once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import json, sys
import casebook, nbformat
from jsonschema import FormatChecker
loaded = "lark" in sys.modules
checker = FormatChecker()
told = [checker.conforms(text, name) for text in {texts} for name in ("iri", "iri-reference")]
print(json.dumps([loaded, told, hasattr(sys.modules["rfc3987_syntax"], "is_valid_syntax_iri")]))
"""
TEXTS = ["http://example.org/é", "http://example.org/a b", "/path?x=é#y", "::not one"]


def run(code: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, env={**os.environ, **env}, check=True
    )
    return done.stdout


def test_grammars_are_compiled_when_first_asked_and_then_say_what_they_always_said() -> None:
    deferred, plain = (
        run(PROBE.replace("{texts}", repr(TEXTS)).replace("import casebook, nbformat", imports))
        for imports in ("import casebook, nbformat", "import nbformat")
    )
    loaded, told, whole = json.loads(deferred)
    assert not loaded
    assert json.loads(plain) == [True, told, whole]
    assert len(set(told)) == 2 and whole


@pytest.mark.skipif(os.name != "posix", reason="the place of caches is told by HOME")
def test_a_home_that_cannot_be_written_to_costs_time_and_no_diagram(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("no folder")
    code = "from casebook.show.layout import lay_out; print(sorted(lay_out('digraph { a -> b }').nodes))"
    assert run(code, HOME=str(blocked), XDG_CACHE_HOME=str(blocked)) == "['a', 'b']\n"
