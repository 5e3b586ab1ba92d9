"""What is broken on purpose of fan-outs, times down, servers that come and go, passes and classes."""

from __future__ import annotations

from tests.engine import test_flow, test_kernels


def cases(in_simpy, theory):
    """As ``test_broken.BROKEN``: (module, right line, wrong line, places that use it, checks that must notice)."""
    away, again, scaled = [("outage", "to_up")], [("repeat", "fifo_again")], [("autoscale", "autoscaled")]
    by_use, by_queue = "servers that come and go by utilisation", "servers that come and go by the queue"
    return {
        "a fan-out that waits for the first branch alone": (
            "kernels.join", "there[id] == branches", "there[id] == 1", [("fork", "join_last")],
            [in_simpy("a fan-out that waits for all"),
             theory("fan-out to two M/M/1, utilisation 0.8, waits for both: mean sojourn, ms"),
             test_flow.test_a_fan_out_takes_as_long_as_its_longest_branch,
             test_flow.test_a_lost_branch_loses_the_request]),
        "a delay lets everybody out under one name": (
            "kernels.flow", "        out_ids[j] = ids[k]\n", "        out_ids[j] = ids[0]\n", [("station", "in_order")],
            [in_simpy("delay between"),
             lambda: test_kernels.test_a_delay_lets_them_out_in_order_of_time_and_of_coming(None, 0.5)]),
        "a delay lets the last of an instant out first": (
            "kernels.flow", "out_times[j - 1] > t:", "out_times[j - 1] >= t:", [("station", "in_order")],
            [lambda: test_kernels.test_a_delay_lets_them_out_in_order_of_time_and_of_coming(None, 0.5)]),
        "branches of one request come together as another": (
            "kernels.join", "out_ids[count] = id", "out_ids[count] = ids[0]", [("fork", "join_last")],
            [in_simpy("a fan-out inside a fan-out, that may lose a branch"),
             test_flow.test_a_fan_out_takes_as_long_as_its_longest_branch]),
        "every class by the first class's shares": (
            "kernels.classes", "c = class_of[id]", "c = 0", [("network", "pick_by_class")],
            [in_simpy("classes with routes and sizes of their own"),
             theory("classes that go their own ways, Jackson: mean sojourn, ms"),
             test_flow.test_classes_go_their_own_ways]),
        "a broken server that works on": (
            "kernels.outage", "            t = begins[j]\n", "            t = t * 1.0\n", away,
            [in_simpy("listed times down, those who come wait"),
             lambda: test_flow.test_a_broken_server_minute_by_minute(None, "wait")]),
        "a time down that is forgotten when it is over": (
            "kernels.outage", "            lost += ends[j] - begins[j]\n", "", away,
            [in_simpy("listed times down, those who come wait"),
             theory("M/M/1 that is down a tenth of the time, work resumed: mean sojourn, ms")]),
        "the end of one time up taken for the beginning of the next": (
            "kernels.outage", "(closing == 0 and edges[middle] == t)", "(closing == 1 and edges[middle] == t)",
            [("outage", "to_clock")], [lambda: test_flow.test_a_broken_server_minute_by_minute(None, "wait")]),
        "an agent who never comes back": (
            "kernels.repeat", "if number + 1 < passes[me]:", "if number + 1 < 1:", again,
            [in_simpy("an agent's passes"), in_simpy("five passes without a pause"),
             theory("M/M/1 whose visitors come back with probability ½, utilisation 0.8: mean of all passes, ms"),
             lambda: test_flow.test_passes_are_what_their_definition_says(None)]),
        "an agent who skips the pause": (
            "kernels.repeat", "end + pause[number * stride + me]", "end", again,
            [in_simpy("an agent's passes"), lambda: test_flow.test_passes_are_what_their_definition_says(None)]),
        "an agent who passes twice on one draw": (
            "kernels.repeat", "unit[number * stride + me]", "unit[me]", again,
            [in_simpy("an agent's passes"), in_simpy("five passes without a pause")]),
        "new servers at once": (
            "kernels.autoscale", "due.append(now + cold)", "due.append(now)", scaled,
            [in_simpy(by_use), in_simpy(by_queue), test_flow.test_servers_follow_the_load_and_its_rule]),
        "no pause before there are fewer servers": (
            "kernels.autoscale", "now - changed >= cooldown", "now - changed >= 0.0", scaled, [in_simpy(by_use)]),
        "a server told to go stays": (
            "kernels.autoscale", "                going -= 1\n                ready -= 1\n",
            "                going -= 1\n", scaled, [in_simpy(by_queue)]),
        "work of the last period counted for ever": (
            "kernels.autoscale", "            worked = 0.0\n", "", scaled, [in_simpy(by_use)]),
    }
