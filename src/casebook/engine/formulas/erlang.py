"""Erlang's two formulas and their inverses: loss without a queue, waiting with one. Load in erlangs."""

from __future__ import annotations

from casebook.engine.errors import EngineError, number, whole

_MOST_SERVERS = 1_000_000


def erlang_b(servers: int, erlangs: float) -> float:
    """Share of Poisson arrivals that find all ``servers`` busy and are lost (Erlang 1917), by the stable
    recursion B(0) = 1, B(c) = aB(c−1) / (c + aB(c−1)). Holds for any service distribution."""
    whole("erlang_b", "servers", servers, at_least=0)
    number("erlang_b", "erlangs", erlangs, at_least=0.0)
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = erlangs * blocked / (c + erlangs * blocked)
    return blocked


def erlang_b_load(servers: int, blocked: float) -> float:
    """The load in erlangs at which ``servers`` lose the share ``blocked``: the inverse of Erlang B, by
    bisection to 1e-12 of itself (B rises with the load)."""
    whole("erlang_b_load", "servers", servers, at_least=1)
    target = _part("erlang_b_load", "blocked", blocked)
    low, high = 0.0, 1.0
    while erlang_b(servers, high) < target:
        high *= 2.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if erlang_b(servers, middle) < target else (low, middle)
    return (low + high) / 2.0


def erlang_b_servers(erlangs: float, blocked: float) -> int:
    """The fewest servers that lose at most the share ``blocked`` of that load."""
    number("erlang_b_servers", "erlangs", erlangs, at_least=0.0, at_most=_MOST_SERVERS / 2)
    target = _part("erlang_b_servers", "blocked", blocked)
    lost, c = 1.0, 0
    while lost > target:
        c += 1
        lost = erlangs * lost / (c + erlangs * lost)
    return c


def erlang_c(servers: int, erlangs: float) -> float:
    """Share of Poisson arrivals that must wait for one of ``servers`` exponential servers (Erlang C)."""
    whole("erlang_c", "servers", servers, at_least=1)
    steady(servers, erlangs)
    blocked = erlang_b(servers, erlangs)
    return blocked / (1.0 - erlangs / servers * (1.0 - blocked))


def erlang_c_servers(erlangs: float, waiting: float) -> int:
    """The fewest servers at which at most the share ``waiting`` of that load must wait."""
    number("erlang_c_servers", "erlangs", erlangs, at_least=0.0, at_most=_MOST_SERVERS / 2)
    target = _part("erlang_c_servers", "waiting", waiting)
    lost, c = 1.0, 0
    while True:
        c += 1
        lost = erlangs * lost / (c + erlangs * lost)
        if c > erlangs and lost / (1.0 - erlangs / c * (1.0 - lost)) <= target:
            return c


def steady(servers: int, erlangs: float) -> float:
    """Return ``erlangs`` when ``servers`` can keep up with it; EngineError otherwise."""
    number("formula", "erlangs", erlangs, at_least=0.0)
    if erlangs >= servers:
        raise EngineError("formula, offered load in erlangs", erlangs,
                          f"{servers} servers cannot keep up with it: add servers, or lower the rate.")
    return erlangs


def _part(place: str, name: str, value: float) -> float:
    share = number(place, name, value, above=0.0)
    if share >= 1.0:
        raise EngineError(f"{place}, {name}", value, "A share is a part of 1: give 0.01 for 1 %.")
    return share
