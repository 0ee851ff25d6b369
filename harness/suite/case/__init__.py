"""The conformance cases and their form."""

from adsmock.harness.suite.case.form import (
    Case,
    CaseError,
    Check,
    Fault,
    Sandbox,
    Seed,
    Severity,
    Task,
    Trigger,
)
from adsmock.harness.suite.case.loader import digest, load, parse, select

__all__ = [
    "Case",
    "CaseError",
    "Check",
    "Fault",
    "Sandbox",
    "Seed",
    "Severity",
    "Task",
    "Trigger",
    "digest",
    "load",
    "parse",
    "select",
]
