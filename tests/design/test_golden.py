"""The first case's figures stay bit for bit while the format grows: bills and quality of its designs on every day."""

from __future__ import annotations

import json
from pathlib import Path

from casebook.design import load_case
from casebook.design.sketch import sketch

GOLDEN = Path(__file__).with_name("stability-moderation.golden.json")


def figures() -> dict[str, dict[str, str]]:
    """Preset, day and pushback → figure → its bits."""
    case = load_case("stability-moderation")
    made = {}
    for preset in case.data.presets:
        for day in case.scenarios:
            for pushback in ("", *(item.id for item in case.data.pushbacks)):
                ev = sketch(case.preset(preset.id), case.conditions(day, pushback))
                told = {"usd_month": ev.cost_usd_month, "weeks": ev.weeks_to_live} | ev.cost_lines | ev.quality
                made[f"{preset.id}, {day}, {pushback or 'as it is'}"] = {k: float(v).hex() for k, v in told.items()}
    return made


def test_bills_and_quality_are_what_they_were() -> None:
    assert figures() == json.loads(GOLDEN.read_text(encoding="utf-8"))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(figures(), indent=0, sort_keys=True) + "\n", encoding="utf-8")
