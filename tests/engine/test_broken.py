"""The proof proves something: with one kernel broken on purpose, the rows that guard it fail.

Each case rewrites one line of a kernel's source, runs the guarding checks on it and expects them to notice.
"""

from __future__ import annotations

import importlib
import inspect
from types import FunctionType, ModuleType

import numpy as np
import pytest

from casebook.engine import clear_streams, inversion, station, streams, workload
from casebook.engine.backend import backend, using
from tests.engine import (
    broken_flow,
    test_bad_input,
    test_continuous,
    test_kernels,
    test_properties,
    test_run,
    test_simpy,
)
from tests.engine.closed_forms import ROWS

# Plain Python keeps its servers in a heap and takes none of the loops that are broken here.
pytestmark = pytest.mark.skipif(backend() == "python", reason="the broken loops are those that numba compiles")


ROW = {row.name: row for row in ROWS}


def theory(name):
    def check():  # the first interval decides: no second try for the broken
        low, high = ROW[name].interval()
        assert low <= ROW[name].theory <= high
    return check


def in_simpy(name):
    return lambda: test_simpy.test_every_request_as_in_simpy(name)


def property_(name):
    return lambda: getattr(test_properties, name)()


def by_steps(servers, slots, prefill):
    return lambda: test_continuous.test_it_is_what_its_definition_says(None, servers, slots, prefill)


def tokens_by_hand():
    test_continuous.test_by_hand(None)


# what is broken: (module, right line, wrong line, places that use it, checks that must notice)
BROKEN = {
    "one server forgets the queue": (
        "kernels.fifo", "        if free > t:\n            t = free\n        start[k] = t\n        free = t + ",
        "        start[k] = t\n        free = t + ", [("station", "fifo_one")],
        [in_simpy("one server"), theory("M/M/1, utilisation 0.8: mean wait, ms"),
         theory("mg1-pk, squared cv 1: mean wait, s")]),
    "a few servers: one falls free too early": (
        "kernels.fifo", "        d = max(d, end)\n", "        d = max(d, end) * 0.99999\n",
        [("station", "fifo_few")],
        [in_simpy("four servers, lognormal"), theory("M/M/4, utilisation 0.8: mean wait, ms"),
         theory("M/M/4, utilisation 0.8: share that waits"),
         lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 4)]),
    "a few servers: a third one where there are two": (
        "kernels.fifo", "c = 0.0 if servers > 2", "c = 0.0 if servers > 1", [("station", "fifo_few")],
        [in_simpy("two servers"), theory("M/M/2, utilisation 0.8: mean wait, ms"),
         lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 2)]),
    "a few servers: departures carry the wrong names": (
        "kernels.fifo", "sorted_ids[out] = ids[visit]\n        out", "sorted_ids[out] = ids[out]\n        out",
        [("station", "fifo_few")],
        [in_simpy("split and merge"), lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 3)]),
    "many servers: one falls free too early": (
        "kernels.fifo", "        free[j] = end\n", "        free[j] = end - 0.1 * unit[ids[k]] * scale\n",
        [("station", "fifo_many")],
        [in_simpy("fifty servers"), theory("M/M/50, utilisation 0.8: mean wait, ms"),
         theory("M/M/50, utilisation 0.8: share that waits"),
         lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 9)]),
    "eight servers: one is never used": (
        "kernels.fifo", "for j in range(1, servers):", "for j in range(1, servers - 1):", [("station", "fifo_many")],
        [theory("M/M/8, utilisation 0.8: mean wait, ms"),
         lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 6)]),
    "many servers: departures carry the wrong names": (
        "kernels.fifo", "sorted_ids[out] = who[0]", "sorted_ids[out] = ids[out]", [("station", "fifo_many")],
        [in_simpy("the engine's workload"), lambda: test_kernels.test_fifo_is_what_its_definition_says(None, 9)]),
    "room for one more than there is": (
        "kernels.bounded", "taken - begun >= room", "taken - begun > room", [("station", "fifo_bounded")],
        [in_simpy("a queue that refuses"), theory("erlb-8-10, M/M/10/10: share refused"),
         theory("M/M/1/5, utilisation 1.2: share refused"),
         theory("M/lognormal/10/10, cv 2, 8 erlangs: share refused"),
         lambda: test_kernels.test_a_full_queue_refuses_as_its_definition_says(None, 2, 1)]),
    "patience with the whole stay instead of the wait": (
        "kernels.bounded", "free[0] - t > longest", "free[0] + unit[ids[k]] * scale - t > longest",
        [("station", "fifo_bounded")],
        [in_simpy("a wait that is too long goes elsewhere"),
         theory("M/M/1, utilisation 1.2, who would wait 30 ms goes: share refused"),
         lambda: test_kernels.test_a_wait_too_long_is_refused_as_its_definition_says(None, 1)]),
    "the refused are forgotten by name": (
        "kernels.bounded", "refused_ids[turned_away] = ids[k]", "refused_ids[turned_away] = ids[0]",
        [("station", "fifo_bounded")],
        [in_simpy("overflow to a dearer route"), test_run.test_a_limited_queue_refuses_and_stays_stable]),
    "the server notices that nobody waits": (
        "kernels.retry", "        free[j] = end\n", "        free[j] = end if name >= 0 else begin\n",
        [("station", "fifo_retry")],
        [in_simpy("impatient callers"), in_simpy("a retry storm"),
         test_run.test_a_retry_storm_breaks_out_between_a_third_and_two_fifths,
         lambda: test_kernels.test_lost_patience_is_what_its_definition_says(None, 1, 2.0, 0.0, 3)]),
    "the pause before the next try is forgotten": (
        "kernels.retry", "= late + backoff", "= late", [("station", "fifo_retry")],
        [in_simpy("impatient callers who pause"), test_run.test_tries_add_up]),
    "patience counted from the start of service": (
        "kernels.retry", "late = t + timeout", "late = begin + timeout", [("station", "fifo_retry")],
        [in_simpy("impatient callers"), theory("M/M/4, utilisation 0.8, one try of 40 ms: share that gives up"),
         theory("M/M/1, utilisation 0.8, one try of 60 ms: share that gives up")]),
    "the least urgent first": (
        "kernels.priority", "line = rank[ids[k]]", "line = levels - 1 - rank[ids[k]]", [("station", "by_priority")],
        [in_simpy("priorities, one server"), in_simpy("priorities in a network"),
         theory("M/M/4, three priorities, utilisation 0.8: mean wait of the first, ms"),
         test_run.test_priority_moves_the_wait_and_keeps_the_work]),
    "a rank's last comes first": (
        "kernels.priority", "            if head[line] < 0:\n", "            if head[line] >= 0:\n                "
        "behind[k] = head[line]\n                head[line] = k\n            elif head[line] < 0:\n",
        [("station", "by_priority")],
        [in_simpy("priorities, one server"),
         lambda: test_kernels.test_urgency_is_what_its_definition_says(None, 1, 2)]),
    "instances never go cold": (
        "kernels.serverless", "t - idle[top - 1] <= keep", "t - idle[top - 1] <= keep * 1e9",
        [("station", "serverless")],
        [in_simpy("serverless"), theory("serverless, a short request every 2 s, kept 4 s: share of cold starts"),
         lambda: test_kernels.test_instances_are_what_their_definition_says(None, 0.0008, None)]),
    "one instance more than allowed": (
        "kernels.serverless", "len(working) >= limit", "len(working) > limit", [("station", "serverless")],
        [in_simpy("serverless at its limit, in bursts"), theory("serverless, 8 erlangs, limit 10: share refused"),
         lambda: test_kernels.test_instances_are_what_their_definition_says(None, 9.0, 1)]),
    "the instance idle longest is taken": (
        "kernels.serverless", "            top -= 1\n            begin = t\n",
        "            for j in range(1, top):\n                idle[j - 1] = idle[j]\n            top -= 1\n"
        "            begin = t\n", [("station", "serverless")],
        [in_simpy("serverless at its limit, in bursts")]),
    "a batch does not wait for company": (
        "kernels.batch", "begin = arrive[i] + max_wait", "begin = arrive[i]", [("station", "dynamic_batch")],
        [in_simpy("batching"),
         lambda: test_kernels.test_batching_is_what_its_definition_says(None, 1, 30.0, 3)]),
    "a full batch waits on": (
        "kernels.batch", "        if last < n and arrive[last] < begin:\n            begin = arrive[last]\n", "",
        [("station", "dynamic_batch")], [in_simpy("batching on three servers")]),
    "a batch takes one too many": (
        "kernels.batch", "size < max_batch and", "size <= max_batch and", [("station", "dynamic_batch")],
        [in_simpy("batching without waiting"),
         lambda: test_properties.test_a_batch_of_one_is_a_plain_queue()]),
    "prompts that nobody waits for": (
        "kernels.continuous", "more += prefill[ids[head]]", "more += 0.0", [("continuous", "continuous_batch")],
        [in_simpy("tokens, one server"), by_steps(1, 3, 0.4), tokens_by_hand]),
    "a slot that is never used": (
        "kernels.continuous", "size[best] < slots and arrive[head] <= at", "size[best] < slots - 1 and "
        "arrive[head] <= at", [("continuous", "continuous_batch")],
        [in_simpy("tokens, three servers behind a queue"), by_steps(2, 3, 0.0)]),
    "steps as long as full ones": (
        "kernels.continuous", "fixed + per_item * size[best]", "fixed + per_item * slots",
        [("continuous", "continuous_batch")],
        [in_simpy("tokens, one server"), by_steps(1, 3, 0.0),
         theory("processor sharing, fixed work: mean sojourn, ms")]),
    "a token too many": (
        "kernels.continuous", "(count + int(tokens[ids[head]]))", "(count + 1 + int(tokens[ids[head]]))",
        [("continuous", "continuous_batch")],
        [in_simpy("tokens, one server"), tokens_by_hand, by_steps(1, 50, 0.0)]),
    "joining in the middle of a step": (
        "kernels.continuous", "                        when = anchor[j] + steps * step[j]\n",
        "                        when = t\n", [("continuous", "continuous_batch")],
        [in_simpy("tokens, one server"), tokens_by_hand, by_steps(1, 50, 0.0)]),
    "tokens to the wrong names": (
        "kernels.continuous", "sorted_ids[out] = ids[k]", "sorted_ids[out] = ids[out]",
        [("continuous", "continuous_batch")],
        [in_simpy("tokens, three servers behind a queue"), by_steps(1, 50, 0.0)]),
    "the server whose step ends last goes first": (
        "kernels.continuous", "            if best < 0 or when < at:", "            if best < 0 or when > at:",
        [("continuous", "continuous_batch")],
        [by_steps(2, 3, 0.0), in_simpy("tokens, three servers behind a queue")]),
    "a lost visitor at a split": (
        "kernels.flow", "low <= u < high", "low <= u < high - 0.01", [("network", "pick")],
        [in_simpy("split and merge"),
         test_run.test_shares_that_miss_one_by_a_rounding_error_lose_nobody]),
    "a value counted twice": (
        "kernels.ranks", "        count[(bits[k] - low) >> shift] += 1", "        count[(bits[k] - low) >> shift] += 2",
        [("quantile", "fill")], [test_kernels.test_places_of_a_sorted_row]),
    "values of a bucket written over each other": (
        "kernels.ranks", "            place[at] += 1", "            place[at] += 0", [("quantile", "gather")],
        [test_kernels.test_places_of_a_sorted_row]),
    "a merge out of time order": (
        "kernels.flow", "take_a = times_a[i] < times_b[j]", "take_a = times_a[i] < times_b[j] + 3.0",
        [("network", "merge")], [in_simpy("split and merge")]),
    "sojourn counted from the wrong request": (
        "kernels.flow", "times[k] - arrived[ids[k]]", "times[k] - arrived[k]", [("network", "finish")],
        [in_simpy("split and merge"), theory("Jackson network, split and merged: mean sojourn, ms")]),
    "utilisation beyond the window": (
        "kernels.flow", "        if e > high:\n            e = high\n", "", [("station_run", "overlap")],
        [test_run.test_an_unstable_system_reports_at_most_full_use]),
    "staff work through the night": (
        "staffed", "        if in_day > day_open:\n            in_day = day_open\n", "", [("staffed", "_to_open")],
        [in_simpy("staffed hours"),
         lambda: test_kernels.test_staffed_time_is_counted_minute_by_minute(
             None, test_kernels.StaffedHours())]),
    "a shift's end taken for the next one's beginning": (
        "staffed", "if closing == 1 and rest == 0.0", "if closing == 2 and rest == 0.0", [("staffed", "_to_clock")],
        [lambda: test_kernels.test_staffed_time_is_counted_minute_by_minute(
            None, test_kernels.StaffedHours())]),
    "bursts at the rate of the calm": (
        "workload", "(s - heights[j]) / (heights[j + 1] - heights[j])", "0.0", [("workload", "_stretch")],
        [theory("MMPP/M/1, bursts of 4× in 20 % of the time: mean wait, ms"),
         lambda: test_kernels.test_stretching_follows_the_area_under_the_rate(None)]),
}

BROKEN |= broken_flow.cases(in_simpy, theory)


def rewritten(module: str, right: str, wrong: str) -> ModuleType:
    """The module with ``right`` replaced by ``wrong``; never put in sys.modules, nothing cached of it."""
    original = importlib.import_module(f"casebook.engine.{module}")
    text = inspect.getsource(original)
    assert text.count(right) >= 1, f"{module} no longer has the line that this case breaks: {right!r}"
    broken = ModuleType("broken")
    broken.__dict__["__name__"] = original.__name__
    exec(compile(text.replace(right, wrong), "<broken on purpose>", "exec"), broken.__dict__)
    return broken


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_kernel_is_noticed(name, monkeypatch):
    module, right, wrong, places, checks = BROKEN[name]
    broken = rewritten(module, right, wrong)
    for place, kernel in places:
        monkeypatch.setattr(importlib.import_module(f"casebook.engine.{place}"), kernel,
                            InNumbaStyle(getattr(broken, kernel)))
    for check in checks:
        clear_streams()
        with pytest.raises((AssertionError, IndexError, ZeroDivisionError, ExceptionGroup)):
            check()


class InNumbaStyle:
    """Calls the broken loop compiled, so that a closed form's millions of visits take no minutes."""

    def __init__(self, kernel):
        self.kernel, self.fast = kernel, None

    def __call__(self, *args):
        try:
            import numba
        except ImportError:
            return self.kernel(*args)
        if self.fast is None:
            safely = numba.njit(nogil=True, error_model="numpy", boundscheck=True)
            names = dict(self.kernel.source.__globals__)
            names.update({helper.__name__: safely(helper) for helper in self.kernel.helpers})
            self.fast = safely(FunctionType(self.kernel.source.__code__, names, self.kernel.source.__name__))
        written = [args[k] for k in self.kernel.writes]
        for array in written:
            array.fill(0)
        result = self.fast(*args)
        for array in written:  # the sound kernels behind it may not be led outside their arrays
            if array.dtype == np.int32:
                array[(array < 0) | (array > args[1].max(initial=0))] = 0
        return result


@pytest.mark.parametrize("formula", ["natural_log", "exponential_function", "normal_centre", "normal_tail"])
def test_a_broken_formula_is_noticed(formula, monkeypatch):
    """A relative error of a part in a million, far below any statistical test, moves the pinned bits."""
    from tests.engine import test_streams

    right = getattr(inversion, formula)
    monkeypatch.setattr(inversion, formula, lambda x: right(x) * 1.000001)
    with using("python"), pytest.raises(AssertionError):
        test_streams.test_inversion_is_as_accurate_as_a_library()


def test_streams_drawn_in_turn_are_noticed(monkeypatch):
    from tests.engine import test_streams

    counter = iter(range(10**6))
    right = streams.raw_words
    monkeypatch.setattr(streams, "raw_words", lambda seed, key, n: right(seed, (str(next(counter)),), n))
    clear_streams()
    with pytest.raises(AssertionError):
        test_streams.test_another_component_leaves_the_draws_alone()
    clear_streams()


def test_a_loop_let_through_is_noticed(monkeypatch):
    from casebook.engine import architecture

    monkeypatch.setattr(architecture, "_topological", lambda ids, links: tuple(ids))
    with pytest.raises(BaseException, match="DID NOT RAISE"):
        test_bad_input.test_refused_with_place_value_and_remedy("cycle")


def test_the_broken_kernels_are_gone_again():
    assert np.isfinite(test_simpy.simulate(test_simpy.station(2, test_simpy.Exponential(8.0)),
                                           test_simpy.Workload(test_simpy.Poisson(1.0)), 10, 0).sojourn_ms).all()
    assert station.fifo_one.source.__module__ == "casebook.engine.kernels.fifo"
    assert workload._stretch.source.__module__ == "casebook.engine.workload"
