"""What keeps imports light: names of a package that load when first used, and grammars that load when first asked.

The grammars alone spare every process 1.7 s.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

SLOW = "rfc3987_syntax"  # 38 grammars for international web addresses, which notebooks do not have


def door(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package whose public names live in modules that load with the first of their names.

    ``home`` is name → module, its full dotted name.
    """

    def __getattr__(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home[name]), name)
        vars(sys.modules[package])[name] = value
        return value

    return __getattr__


def defer_grammars() -> None:
    """Put a stand-in where jsonschema looks for ``rfc3987_syntax``; its one function loads the real one when called.

    nbformat imports jsonschema, and plotly's widgets, nbgrader and nbclient import nbformat: without this each kernel
    and each command waits for grammars that nobody uses. Does nothing where either was imported before.
    """
    if SLOW in sys.modules or "jsonschema" in sys.modules:
        return
    stand_in = ModuleType(SLOW, "Loads rfc3987_syntax when it is first asked something.")

    def real() -> ModuleType:
        if sys.modules.get(SLOW) is stand_in:
            del sys.modules[SLOW]
        return import_module(SLOW)

    def is_valid_syntax(rule: str, text: str) -> bool:
        return bool(real().is_valid_syntax(rule, text))

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):  # what the import system asks of any module
            raise AttributeError(name)
        return getattr(real(), name)

    vars(stand_in).update(is_valid_syntax=is_valid_syntax, __getattr__=__getattr__)
    sys.modules[SLOW] = stand_in
