"""One module a family of checks. Importing this package registers them, in the order of the workbook."""

from casebook.checks.families import (  # noqa: F401
    asking,
    audits,
    closing,
    company,
    framing,
    goal,
    keeping,
    owning,
    planning,
    pressure,
    pricing,
    rollout,
    shape,
    sizing,
    stating,
    trading,
)
