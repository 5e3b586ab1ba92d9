"""From raw random bits to numbers by + − × ÷ √ and tables alone: the same bits on every platform.

Each formula takes one number (compiled by numba) or a numpy array (as it stands), and rounds alike in both.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import numpy.typing as npt

from casebook.engine.backend import Kernel, backend, kernel

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]


def _tables() -> tuple[Floats, ...]:
    """Tables rounded from 40 decimal digits, so that no platform's libm has a say in them."""
    with localcontext() as context:
        context.prec = 40
        centres = [1 + Decimal(2 * i + 1) / 512 for i in range(256)]
        logs = [float(c.ln()) for c in centres]
        inverses = [float(1 / c) for c in centres]
        ln2 = Decimal(2).ln()
        roots = [float((ln2 * i / 64).exp()) for i in range(64)]
        # ln2/64 in two parts: the first has 21 trailing zero bits, so that a whole number times it is exact
        high = float(int(float(ln2) * 2.0**32)) * 2.0**-38
        low = float(ln2 / 64 - Decimal(high))
        constants = [float(ln2), high, low, float(64 / ln2)]
    powers = [2.0**e for e in range(-1000, 1001)]
    return tuple(np.array(t) for t in (logs, inverses, roots, powers, constants))


_LOGS, _INVERSES, _ROOTS, _POWERS, _CONSTANTS = _tables()
_LN2, _STEP_HIGH, _STEP_LOW, _STEPS = (float(c) for c in _CONSTANTS)
_11, _12 = np.uint64(11), np.uint64(12)


def uniform(raw: Any) -> Any:
    """A number in [0, 1) with 53 random bits; to be compared with shares."""
    return (raw >> _11) * 2.0**-53


def open_uniform(raw: Any) -> Any:
    """A number strictly inside (0, 1) with 52 random bits; to be inverted."""
    return ((raw >> _12) + 0.5) * 2.0**-52


def natural_log(x: Any) -> Any:
    """ln x for a normal x > 0: exponent × ln 2 + table of 256 cells + series; absolute error < 3e-16 near 1."""
    bits = np.float64(x).view(np.int64)
    exponent = (bits >> 52) - 1023
    mantissa = 1.0 + (bits & 0xFFFFFFFFFFFFF) * 2.0**-52
    cell = (bits >> 44) & 255
    r = (mantissa - (1.0 + (2 * cell + 1) * (1.0 / 512.0))) * _INVERSES[cell]
    series = r * (1.0 + r * (-0.5 + r * (1.0 / 3.0 + r * (-0.25 + r * 0.2))))
    return exponent * _LN2 + (_LOGS[cell] + series)


def exponential_function(x: Any) -> Any:
    """e to the x for |x| < 690: 64 steps a doubling from a table + series; relative error < 3e-16."""
    step = np.int64(np.floor(x * _STEPS + 0.5))
    r = (x - step * _STEP_HIGH) - step * _STEP_LOW
    series = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    doubling = np.minimum(np.maximum((step >> 6) + 1000, 0), 2000)
    return (_ROOTS[step & 63] * series) * _POWERS[doubling]


def unit_exponential(raw: Any) -> Any:
    """An exponential number of mean 1: −ln u."""
    return np.maximum(-natural_log(open_uniform(raw)), 0.0)


def normal_centre(q: Any) -> Any:
    """Standard normal quantile at 0.5 + q for |q| ≤ 0.425 (Wichura's AS 241, PPND16)."""
    r = 0.180625 - q * q
    top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
              + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
           + 133.14166789178437745) * r + 3.387132872796366608
    low = ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
              + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
           + 42.313330701600911252) * r + 1.0
    return q * top / low


def normal_tail(p: Any) -> Any:
    """Minus the standard normal quantile at p for 1e-11 < p < 0.075 (AS 241, middle region)."""
    r = np.sqrt(-natural_log(p)) - 1.6
    top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
              + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
           + 4.6303378461565452959) * r + 1.42343711074968357734
    low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
              + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
           + 2.05319162663775882187) * r + 1.0
    return top / low


def normal_far_tail(p: Any) -> Any:
    """Minus the standard normal quantile at p ≤ exp(−25) (AS 241, far region)."""
    r = np.sqrt(-natural_log(p)) - 5.0
    top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
              + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
           + 5.4637849111641143699) * r + 6.6579046435011037772
    low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
              + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
           + 0.59983220655588793769) * r + 1.0
    return top / low


_E_MINUS_25 = 1.3887943864964021e-11


@kernel(1, helpers=(uniform,))
def _fill_uniform(raw: Any, out: Any) -> None:
    for i in range(len(raw)):
        out[i] = uniform(raw[i])


@kernel(1, helpers=(open_uniform, natural_log, unit_exponential))
def _fill_exponential(raw: Any, out: Any) -> None:
    for i in range(len(raw)):
        out[i] = unit_exponential(raw[i])


@kernel(1, helpers=(open_uniform, natural_log, normal_centre, normal_tail, normal_far_tail))
def _fill_normal(raw: Any, out: Any) -> None:
    for i in range(len(raw)):
        u = open_uniform(raw[i])
        q = u - 0.5
        if abs(q) <= 0.425:
            out[i] = normal_centre(q)
        else:
            p = min(u, 1.0 - u)
            z = normal_tail(p) if p > _E_MINUS_25 else normal_far_tail(p)
            out[i] = -z if q < 0.0 else z


@kernel(1, helpers=(exponential_function,))
def _fill_lognormal(normal: Any, out: Any, sigma: float, shift: float) -> None:
    for i in range(len(normal)):
        out[i] = exponential_function(normal[i] * sigma - shift)


def _normal_array(raw: Words) -> Floats:
    u = open_uniform(raw)
    q = u - 0.5
    p = np.minimum(u, 1.0 - u)
    result = np.where(np.abs(q) <= 0.425, normal_centre(q), 0.0)
    for inside, formula in (((p < 0.075) & (np.abs(q) > 0.425) & (p > _E_MINUS_25), normal_tail),
                            (p <= _E_MINUS_25, normal_far_tail)):
        z = formula(p[inside])
        result[inside] = np.where(q[inside] < 0.0, -z, z)
    return np.asarray(result)


_BLOCK = 8192


def _fill(loop: Kernel, array_way: Any, source: Any, *more: float) -> Floats:
    """Fill by the compiled loop, or block by block through the same formula on arrays: the same bits."""
    out = np.empty(len(source))
    if backend() == "numba":
        loop(source, out, *more)
        return out
    for begin in range(0, len(source), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        out[block] = array_way(source[block], *more)
    return out


def uniforms(raw: Words) -> Floats:
    """Numbers in [0, 1), one for each raw word."""
    return _fill(_fill_uniform, uniform, raw)


def unit_exponentials(raw: Words) -> Floats:
    """Exponential numbers of mean 1, one for each raw word."""
    return _fill(_fill_exponential, unit_exponential, raw)


def normals(raw: Words) -> Floats:
    """Standard normal numbers, one for each raw word."""
    return _fill(_fill_normal, _normal_array, raw)


def unit_lognormals(normal: Floats, cv: float) -> Floats:
    """Lognormal numbers of mean 1 and coefficient of variation ``cv`` from standard normal ones."""
    variance = float(natural_log(1.0 + cv * cv))
    sigma = float(np.sqrt(variance))
    return _fill(_fill_lognormal, lambda z, s, h: exponential_function(z * s - h), normal, sigma, variance / 2)
