"""junit.xml: one testcase for each check, so that any CI shows the verdicts.

A broken MUST is a failure; a WARN passes with its sentence as output; UNPROVEN and INCONCLUSIVE are
errors and never skipped, since a skip reads as green. Knows run.json's form alone.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

FAILURES = frozenset({"FAIL"})
ERRORS = frozenset({"ERROR", "UNPROVEN", "INCONCLUSIVE"})

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no form for, not even escaped."""


def render(run: dict[str, Any]) -> str:
    """Return the document for a run in the form of run.json."""
    root = ET.Element("testsuites", name="adsmock")
    for case in run["cases"]:
        checks = case["checks"]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{case['id']} {_clean(case['title'])}",
            tests=str(len(checks)),
            failures=str(_count(checks, FAILURES)),
            errors=str(_count(checks, ERRORS)),
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
    status, sentence = check["status"], _clean(check["sentence"])
    if status in FAILURES | ERRORS:
        tag = "failure" if status in FAILURES else "error"
        evidence = "\n".join(f"entry {row['seq']}: {row['note']}" for row in check["rows"])
        problem = ET.SubElement(one, tag, type=status, message=sentence)
        problem.text = _clean(f"{sentence}\n{evidence}\n{case['howToFix']}")
    else:
        ET.SubElement(one, "system-out").text = f"{status}: {sentence}"


def _count(checks: list[dict[str, Any]], statuses: frozenset[str]) -> int:
    return sum(check["status"] in statuses for check in checks)


def _clean(text: str) -> str:
    return _ILLEGAL.sub("?", text)
