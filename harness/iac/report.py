"""The report on a template as JSON and as SARIF."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from adsmock.harness.iac.check import Report
from adsmock.harness.iac.finding import RULES, Finding

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as a JSON object."""
    return {
        "adsmock": version("adsmock"),
        "file": report.template.file,
        "errors": len(report.failures),
        "queues": {
            name: [each._asdict() for each in topics] for name, topics in report.queues.items()
        },
        "firehoses": list(report.firehoses),
        "ignored": list(report.ignored),
        "findings": [_row(report, each) for each in report.findings],
    }


def _row(report: Report, finding: Finding) -> dict[str, Any]:
    place = report.template.position(finding.path)
    return {
        "rule": finding.rule,
        "level": finding.level,
        "path": finding.path,
        "line": place.line,
        "column": place.column,
        "what": finding.what,
        "next": finding.next_step,
    }


def as_sarif(report: Report) -> dict[str, Any]:
    """Return the report as SARIF 2.1.0, with a line of the template for each finding."""
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in RULES.items()]
    driver = {"name": "adsmock", "version": version("adsmock"), "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "automationDetails": {"id": "adsmock/iac/"},
                "results": [_result(report, each) for each in report.findings],
            }
        ],
    }


def _result(report: Report, finding: Finding) -> Mapping[str, Any]:
    place = report.template.position(finding.path)
    return {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": finding.level,
        "message": {"text": finding.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(report.template.file)},
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
        ],
        "partialFingerprints": {"adsmockIac/v1": f"{finding.rule}/{finding.path}"},
    }
