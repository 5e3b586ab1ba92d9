"""What a design costs: a bill whose lines add up, mistakes included.

Knows the palette's prices (`facts`) and the engine's figures, never what a learner wrote.
"""

from casebook.economics.bill import Bill, BillLine, Edge, Usage, at_edge, bill, option_usd_month

__all__ = ["Bill", "BillLine", "Edge", "Usage", "at_edge", "bill", "option_usd_month"]
