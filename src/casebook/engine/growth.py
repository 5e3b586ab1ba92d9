"""Growth: the workload of each month to come, and the first month in which a design no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.trace import Trace
from casebook.engine.workload import Workload


@dataclass(frozen=True, slots=True)
class Growth:
    """``workload`` today (month 0), ``monthly_factor`` times as fast each month, up to ``most_factor`` times in all.

    With ``steps``, month k is ``steps[k]`` times as fast as the workload given instead, and the last of them holds
    from then on. Only the rate grows: bursts, peaks, sizes and the mix of classes stay as they are, and a trace is
    played faster.
    """

    workload: Workload
    monthly_factor: float = 1.0
    most_factor: float | None = None
    steps: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.workload, Workload):
            raise EngineError("Growth, workload", self.workload, "Give a Workload(arrivals=Poisson(rate_per_s=…)).")
        number("Growth", "monthly_factor", self.monthly_factor, above=0.0, at_most=100.0)
        if self.most_factor is not None:
            number("Growth", "most_factor", self.most_factor, at_least=1.0)
        object.__setattr__(self, "steps", tuple(self.steps))
        for month, one in enumerate(self.steps):
            number("Growth", f"steps, month {month}", one, above=0.0)
        if self.steps and (self.monthly_factor != 1.0 or self.most_factor is not None):
            raise EngineError("Growth, steps", self.steps, "Give either steps or a monthly factor, not both.")

    def factor(self, month: int) -> float:
        """How many times as fast as today requests come in ``month`` (0, 1, …)."""
        count = whole("Growth", "month", month, at_least=0, at_most=1200)
        if self.steps:
            return float(self.steps[min(count, len(self.steps) - 1)])
        grown = 1.0
        for _ in range(count):  # a product, because the power function differs between platforms in its last bit
            grown *= self.monthly_factor
        return grown if self.most_factor is None else min(grown, float(self.most_factor))

    def month(self, month: int) -> Workload:
        """The workload of ``month`` (0 is today)."""
        factor, arrivals = self.factor(month), self.workload.arrivals
        if isinstance(arrivals, Trace):
            return replace(self.workload, arrivals=Trace(arrivals.times_s, arrivals.sizes, arrivals.speed * factor))
        return replace(self.workload, arrivals=replace(arrivals, rate_per_s=arrivals.rate_per_s * factor))

    def first_month(self, breaks: Callable[[Workload], bool], months: int = 36) -> int | None:
        """The first of the months 0 … ``months`` whose workload makes ``breaks`` true; None when none does.

        ``breaks`` is asked month by month, each of them until the first that breaks, for example
        ``lambda load: not simulate(arch, load).stable``.
        """
        for month in range(whole("Growth", "months", months, at_least=0, at_most=1200) + 1):
            if breaks(self.month(month)):
                return month
        return None
