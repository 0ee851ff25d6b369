"""Checks of a CloudFormation template that creates a consumer of Amazon Marketing Stream.

Knows AWS resources by type and property. Facts of Amazon's side, such as the accounts of its
topics, come from ``contracts``. Nothing here calls AWS.
"""

from __future__ import annotations

from pathlib import Path

from adsmock.harness.iac.check import Report, check
from adsmock.harness.iac.finding import RULES, Finding
from adsmock.harness.iac.parameter import unknown_parameter
from adsmock.harness.iac.policy_rules import Wanted
from adsmock.harness.iac.report import as_json, as_sarif
from adsmock.harness.iac.template_file import Template, TemplateError, read

MODEL = Path(__file__).with_name("consumer.yaml")
"""A template that passes every rule, to copy."""

__all__ = [
    "MODEL",
    "RULES",
    "Finding",
    "Report",
    "Template",
    "TemplateError",
    "Wanted",
    "as_json",
    "as_sarif",
    "check",
    "read",
    "unknown_parameter",
]
