"""A sample of answers shown to a judge: what it costs a month, how sure it is, and which fall it can notice.

Wilson's interval (1927) and the normal approximation of a share; z for two-sided confidence by bisection of erf.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from casebook.economics.bill import DAYS_PER_MONTH
from casebook.economics.errors import MoneyError, above, at_least, share


def z_of(confidence: float) -> float:
    """The z with P(|Z| ≤ z) = ``confidence`` for a standard normal Z; 1.96 for 0.95."""
    if not 0.0 < confidence < 1.0:
        raise MoneyError(f"confidence is {confidence!r}. Give a share between 0 and 1, for example 0.95.")
    low, high = 0.0, 40.0
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if math.erf(middle / math.sqrt(2.0)) < confidence else (low, middle)
    return (low + high) / 2.0


def half_width(pass_share: float, judged: float, confidence: float = 0.95) -> float:
    """Half the width of the interval around a share: z × √(p(1 − p) ÷ n). Valid for n·p, n·(1 − p) ≥ 10."""
    p = share("pass_share", pass_share)
    return z_of(confidence) * math.sqrt(p * (1.0 - p) / above("judged", judged))


def interval(passed: int, judged: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval for the true share when ``passed`` of ``judged`` passed; good for small samples too."""
    above("judged", judged)
    if not 0 <= passed <= judged:
        raise MoneyError(f"{passed} of {judged} passed, which cannot be. Give 0 to {judged}.")
    z = z_of(confidence)
    p, n = passed / judged, float(judged)
    centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class JudgeBill:
    """A judged sample: answers judged a day, USD a month, half width of a day's interval and of a month's.

    ``usd_month_low`` and ``usd_month_high`` bound the bill: the sample is drawn answer by answer, so its size
    is binomial.
    """

    judged_day: float
    usd_month: float
    usd_month_low: float
    usd_month_high: float
    half_width_day: float
    half_width_month: float


def judge_bill(
    answers_day: float, sample_share: float, usd_per_judged: float, pass_share: float, confidence: float = 0.95
) -> JudgeBill:
    """Bill and interval of judging a share of the answers (a month is 30.4167 days).

    judged = answers × share; bill = judged × days × price; its spread: z × √(answers × days × s(1 − s)) × price.
    """
    s = share("sample_share", sample_share)
    judged = above("answers_day", answers_day) * s
    if judged <= 0.0:
        raise MoneyError("nothing is judged. Give a sample_share above 0.")
    at_least("usd_per_judged", usd_per_judged)
    usd = judged * DAYS_PER_MONTH * usd_per_judged
    spread = z_of(confidence) * math.sqrt(answers_day * DAYS_PER_MONTH * s * (1.0 - s)) * usd_per_judged
    return JudgeBill(
        judged, usd, max(0.0, usd - spread), usd + spread, half_width(pass_share, judged, confidence),
        half_width(pass_share, judged * DAYS_PER_MONTH, confidence),
    )


def judged_to_notice(pass_share: float, fall: float, confidence: float = 0.95, power: float = 0.8) -> int:
    """Answers to judge in each of two periods so that a fall of ``fall`` (a share) is noticed.

    n = (z·√(2·m(1 − m)) + z_power·√(p(1 − p) + q(1 − q)))² ÷ fall², m the mean of p and q = p − fall; the usual
    two-sample formula for shares (Fleiss), two-sided; power is the chance to notice.
    """
    p = share("pass_share", pass_share)
    above("fall", fall)
    q = share("pass_share − fall", p - fall)
    if not 0.5 <= power < 1.0:
        raise MoneyError(f"power is {power!r}. Give a share from 0.5 to below 1.")
    mean = (p + q) / 2.0
    z_power = z_of(2.0 * power - 1.0) if power > 0.5 else 0.0
    root = z_of(confidence) * math.sqrt(2.0 * mean * (1.0 - mean)) + z_power * math.sqrt(p * (1.0 - p) + q * (1.0 - q))
    return math.ceil((root / fall) ** 2)
