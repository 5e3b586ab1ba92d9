"""Notebooks that have to be run, and attack whoever runs them: only the jail stands between."""

from __future__ import annotations
