"""One module a family of checks. Importing this package registers them, in the order of the workbook."""

from casebook.checks.families import (  # noqa: F401
    asking,
    closing,
    framing,
    goal,
    keeping,
    owning,
    pricing,
    rollout,
    shape,
    sizing,
    trading,
)
