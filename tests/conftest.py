"""What holds for every test: hypothesis draws the same examples each time unless CASEBOOK_FRESH=1 asks for new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: how fast examples are drawn says nothing about what they show.
settings.register_profile("casebook", deadline=None, derandomize=os.environ.get("CASEBOOK_FRESH") != "1",
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("casebook")
