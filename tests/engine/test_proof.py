"""The table of proof leaves no kernel out, and each of its kernels was broken at least once."""

from __future__ import annotations

from tests.engine import kernel_table, reference
from tests.engine.test_broken import BROKEN


def test_every_kernel_is_in_the_table_and_no_other():
    assert set(kernel_table.TOLD) == set(kernel_table.every_kernel())
    assert len(kernel_table.every_kernel()) >= 22


def test_every_kernel_was_broken_and_noticed():
    hit = {(f"casebook.engine.{where}", kernel) for where, _, _, places, _ in BROKEN.values() for _, kernel in places}
    missing = [name for name, module in kernel_table.every_kernel().items() if (module, name) not in hit]
    assert missing == []
    assert all(checks for *_, checks in BROKEN.values())


def test_the_references_that_it_names_are_there():
    named = kernel_table.named_references()
    slow = {"fifo", "bounded", "short_waits", "impatient", "ranked", "batches", "token_steps", "instances", "is_open",
            "work_until", "arrivals_by_rate"}
    assert set(named) == slow
    assert all(callable(getattr(reference, name)) for name in named)
