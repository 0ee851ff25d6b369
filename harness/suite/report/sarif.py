"""results.sarif (SARIF 2.1.0): failed and undecided checks, each with a line of the manifest.

Code scanning shows a result only with a file of the repository. The suite sees traffic and no
source code, so a result points to the manifest's declaration about it, else to the start command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from adsmock.harness.suite.report.html.labels import document

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

LEVELS = {"FAIL": "error", "WARN": "warning", "UNPROVEN": "note", "INCONCLUSIVE": "note"}
"""The levels of results; an undecided SHOULD is not one."""

RULE_LEVELS = {"MUST": "error", "SHOULD": "warning", "INFO": "note"}

ANCHORS: Mapping[str, tuple[str, ...]] = {
    "auth": ("hard_coded.token_seconds", "workers"),
    "batches": ("batch",),
    "errors": ("retry",),
    "exports": ("timeouts.poll_seconds", "hard_coded.url_seconds"),
    "network": ("timeouts.read_seconds", "timeouts"),
    "recovery": ("recovery",),
    "regions": ("hard_coded.hosts",),
    "reporting": ("timeouts.poll_seconds",),
    "throttling": ("retry.max_retries", "retry"),
    "volume": ("estimated_calls_per_hour", "batch"),
}
"""By area, the related members of the manifest, the closest first."""

STARTS = ("start.command", "start.adapter", "start", "name")
"""Where a result points when the manifest declares nothing about it."""


def render(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the SARIF document of a run with a manifest."""
    rules = [_rule(case, check) for case in run["cases"] for check in case["checks"]]
    order = {rule["id"]: index for index, rule in reversed(list(enumerate(rules)))}
    used = [rule for index, rule in enumerate(rules) if order[rule["id"]] == index]
    index = {rule["id"]: number for number, rule in enumerate(used)}
    driver = {
        "name": "adsmock",
        "version": run["suite"]["version"],
        "rules": used,
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "automationDetails": {"id": f"adsmock/{run['profile']}/"},
                "invocations": [_invocation(run)],
                "results": list(_results(run, index)),
            }
        ],
    }


def _rule(case: Mapping[str, Any], check: Mapping[str, Any]) -> dict[str, Any]:
    rule = {
        "id": check["id"],
        "shortDescription": {"text": case["title"]},
        "fullDescription": {"text": case["claim"]},
        "help": {"text": check["howToFix"]},
        "defaultConfiguration": {"level": RULE_LEVELS[check["severity"]]},
        "properties": {"tags": [case["area"], *case["practice"]]},
    }
    link = document(case["anchor"])
    return rule | ({"helpUri": link} if link else {})


def _invocation(run: Mapping[str, Any]) -> dict[str, Any]:
    ours = [
        {"level": "error", "message": {"text": f"{check['id']}: {check['sentence']}"}}
        for case in run["cases"]
        for check in case["checks"]
        if check["status"] == "ERROR"
    ]
    return {
        "executionSuccessful": run["verdict"] != "error",
        "exitCode": run["exit"],
        "toolExecutionNotifications": ours,
    }


def _results(run: Mapping[str, Any], index: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for case in run["cases"]:
        for check in case["checks"]:
            level = LEVELS.get(check["status"])
            is_optional = level == "note" and check["severity"] != "MUST"
            if level is None or is_optional:
                continue
            result = {
                "ruleId": check["id"],
                "ruleIndex": index[check["id"]],
                "level": level,
                "message": {"text": f"{check['status']}: {check['sentence']}. {_advice(check)}"},
                "locations": [_location(run["manifest"], case, check["id"])],
                "partialFingerprints": {"adsmockCheck/v1": f"{case['id']}/{check['id']}"},
            }
            known = check["baseline"]
            if known and known["standing"] == "expected":
                result["suppressions"] = [{"kind": "external", "justification": known["reason"]}]
            yield result


def _advice(check: Mapping[str, Any]) -> str:
    """Return what to do: fix a breach, or give an unproven check a chance."""
    to_prove = check["toProve"]
    return f"To prove it, {to_prove}." if to_prove else str(check["howToFix"])


def _location(manifest: Mapping[str, Any], case: Mapping[str, Any], check: str) -> dict[str, Any]:
    """Return the manifest's line about a check or its area, else that of the start command."""
    lines = manifest["lines"]
    listed = [
        f"not_applicable.{number}.id"
        for number, row in enumerate(manifest["values"].get("not_applicable", ()))
        if row["id"] in {check, case["id"]}
    ]
    wanted = (*listed, *ANCHORS.get(case["area"], ()), *STARTS)
    line = next((lines[name] for name in wanted if name in lines), 1)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(manifest["file"]), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line},
        }
    }
