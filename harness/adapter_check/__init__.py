"""Check of an adapter: every verb and every resource once, with little work and no faults.

``check(command)`` yields a row for each: works, unsupported, or what is wrong with the next step.
It finds misunderstandings of the protocol; the suite judges how the program behaves.
"""

from __future__ import annotations

from adsmock.harness.adapter_check.check import StartError, check
from adsmock.harness.adapter_check.resources import checkable
from adsmock.harness.adapter_check.row import Problem, Row

__all__ = ["Problem", "Row", "StartError", "check", "checkable"]
