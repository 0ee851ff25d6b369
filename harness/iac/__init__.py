"""Checks of a CloudFormation template that creates a consumer of Amazon Marketing Stream.

Knows AWS resources by type and property. Facts of Amazon's side, such as the accounts of its
topics, come from ``contracts``. Nothing here calls AWS.
"""

from __future__ import annotations

from adsmock.harness.iac.check import Report, check
from adsmock.harness.iac.finding import RULES, Finding
from adsmock.harness.iac.model import MODEL, model_values
from adsmock.harness.iac.parameter import unknown_parameter
from adsmock.harness.iac.policy_rules import Wanted
from adsmock.harness.iac.recorded import RecordedTemplate, recorded, restored
from adsmock.harness.iac.report import as_json, as_sarif
from adsmock.harness.iac.template_file import Template, TemplateError, read

__all__ = [
    "MODEL",
    "RULES",
    "Finding",
    "RecordedTemplate",
    "Report",
    "Template",
    "TemplateError",
    "Wanted",
    "as_json",
    "as_sarif",
    "check",
    "model_values",
    "read",
    "recorded",
    "restored",
    "unknown_parameter",
]
