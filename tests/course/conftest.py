"""Lets the grading tests import their small master (`masters`) by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
