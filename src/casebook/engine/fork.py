"""A request that fans out: one copy a branch at once, and the request goes on when the last of them is done.

A lane's name tells where a copy came from: ``…&fork→branch`` was fanned out, ``…/here→there`` is asynchronous.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from casebook.engine.errors import EngineError
from casebook.engine.inversion import Floats
from casebook.engine.kernels.join import join_last
from casebook.engine.visits import Ids

if TYPE_CHECKING:
    from casebook.engine.component import Component, Link

Flow = tuple[Floats, Ids]


def branch_lane(lane: str, fork: str, branch: str) -> str:
    """Name of the lane that ``lane`` becomes between ``fork`` and ``branch``."""
    return f"{lane}&{fork}→{branch}"


def parent_lane(lane: str, fork: str) -> str | None:
    """The lane that fanned out at ``fork`` into ``lane``; None when ``lane`` did not begin there."""
    at = max(lane.rfind("&"), lane.rfind("/"))
    if at < 0 or lane[at] != "&" or not lane[at + 1 :].startswith(f"{fork}→"):
        return None
    return lane[:at]


def joined(flow: Flow, branches: int, count: int) -> Flow:
    """The requests of ``flow`` (all branches merged in time order) at the instant of their last branch."""
    n = len(flow[0])
    out: Flow = (np.empty(n), np.empty(n, np.int32))
    kept = join_last(*flow, branches, np.zeros(count, np.int32), *out)
    return out[0][:kept], out[1][:kept]


def check_forks(parts: Iterable[Component], links: tuple[Link, ...]) -> None:
    """Refuse a fan-out whose branches do not all come together at one component that ``joins`` it.

    Nobody may leave the system between the two (a request would wait for ever), and forks are nested, not crossed.
    """
    by_id = {part.id: part for part in parts}
    forks = {link.src for link in links if link.kind == "fanout"}
    joins: dict[str, str] = {}
    for part in by_id.values():
        if part.joins is None:
            continue
        if part.joins not in forks:
            raise EngineError(f"component '{part.id}', joins", part.joins,
                              "Nothing fans out there: name the component whose links have kind='fanout'.")
        if part.joins in joins:
            raise EngineError(f"component '{part.id}', joins", part.joins,
                              f"'{joins[part.joins]}' joins it already: one join a fan-out.")
        joins[part.joins] = part.id
    for fork in sorted(forks):
        if fork not in joins:
            raise EngineError(f"component '{fork}', fan-out", fork,
                              f"Its branches never come together: give the component behind them joins='{fork}'.")
        _check_branches(fork, joins[fork], by_id, links)


def _check_branches(fork: str, join: str, by_id: dict[str, Component], links: tuple[Link, ...]) -> None:
    heads = [link.dst for link in links if link.src == fork and link.kind == "fanout"]
    if any(link.src == fork and link.kind == "request" for link in links):
        raise EngineError(f"component '{fork}', links", "request and fanout",
                          "A component either splits its requests or fans them out: put a Component in between.")
    waiting, seen = list(heads), set(heads)
    while waiting:
        here = waiting.pop()
        if here == join:
            continue
        crossed = by_id[here].joins
        if crossed is not None and crossed not in seen:
            raise EngineError(f"component '{here}', joins", crossed,
                              f"It stands inside the fan-out of '{fork}', but '{crossed}' does not: nest the two.")
        onward = [link for link in links if link.src == here and link.kind != "async"]
        share = sum(link.share for link in onward if link.kind == "request")
        if share < 1.0 - 1e-9 and not any(link.kind == "fanout" for link in onward):
            raise EngineError(f"component '{here}', shares of its links", round(share, 9),
                              f"It stands between the fan-out '{fork}' and its join '{join}': nobody may leave there, "
                              "so the shares of its links must add up to 1.")
        for link in onward:
            if link.dst not in seen:
                seen.add(link.dst)
                waiting.append(link.dst)
