"""junit.xml: one testcase per check, so that any CI shows the verdicts.

A broken MUST is a failure; a WARN passes with its sentence as output. UNPROVEN and INCONCLUSIVE are
errors and never skipped, since many CIs show a skip as green. A check that fails as the baseline
expects passes with the reason; a wrong baseline row fails.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from adsmock.harness.suite.report.baseline_note import WRONG, remark

FAILURES = frozenset({"FAIL"})
ERRORS = frozenset({"ERROR", "UNPROVEN", "INCONCLUSIVE"})

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain, not even escaped."""


def render(run: dict[str, Any]) -> str:
    """Return the document for a run."""
    root = ET.Element("testsuites", name="adsmock")
    for case in run["cases"]:
        checks = case["checks"]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{case['id']} {_clean(case['title'])}",
            tests=str(len(checks)),
            failures=str(sum(_tag(check) == "failure" for check in checks)),
            errors=str(sum(_tag(check) == "error" for check in checks)),
            skipped="0",
        )
        for check in checks:
            _testcase(suite, case, check)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _testcase(suite: ET.Element, case: dict[str, Any], check: dict[str, Any]) -> None:
    one = ET.SubElement(suite, "testcase", classname=f"adsmock.{case['id']}", name=check["id"])
    properties = ET.SubElement(one, "properties")
    for name in ("status", "severity"):
        ET.SubElement(properties, "property", name=name, value=check[name])
    known = remark(check["baseline"])
    status, sentence = check["status"], _clean(check["sentence"])
    sentence += f" ({_clean(known)})" if known else ""
    tag = _tag(check)
    if tag:
        evidence = "\n".join(f"entry {row['seq']}: {row['note']}" for row in check["rows"])
        problem = ET.SubElement(one, tag, type=status, message=sentence)
        problem.text = _clean(f"{sentence}\n{evidence}\n{case['howToFix']}")
    else:
        ET.SubElement(one, "system-out").text = f"{status}: {sentence}"


def _tag(check: dict[str, Any]) -> str | None:
    """Return the element of a failed testcase, None for one that passes."""
    standing = (check["baseline"] or {}).get("standing")
    if standing == "expected":
        return None
    if standing in WRONG or check["status"] in FAILURES:
        return "failure"
    return "error" if check["status"] in ERRORS else None


def _clean(text: str) -> str:
    return _ILLEGAL.sub("?", text)
