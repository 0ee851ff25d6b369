"""Conformance cases: the model, and the reader of case files."""

from adsmock.harness.suite.case.loader import digest, find, load, parse, select
from adsmock.harness.suite.case.model import (
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
    "find",
    "load",
    "parse",
    "select",
]
