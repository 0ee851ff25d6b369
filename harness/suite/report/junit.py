"""junit.xml: one testcase per check, so that any CI shows the verdicts.

A broken MUST is a failure; a WARN passes with its sentence as output and as a property. N/A and
UNPROVEN are skipped with the reason; the exit code is 3 when a MUST is UNPROVEN. A check that fails
as the baseline expects passes with the reason; a wrong baseline row fails.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from adsmock.harness.suite.report.baseline_note import WRONG, remark
from adsmock.harness.suite.report.failures import call_words

FAILURES = frozenset({"FAIL"})
ERRORS = frozenset({"ERROR", "INCONCLUSIVE"})
SKIPPED = frozenset({"UNPROVEN", "N/A"})

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
            skipped=str(sum(_tag(check) == "skipped" for check in checks)),
            time=f"{case['seconds']:.3f}",
        )
        for check in checks:
            _testcase(suite, case, check)
        if case["crashed"]:
            last = f"exit code {case['ending']['exitCode']}\n{case['ending']['output']}"
            ET.SubElement(suite, "system-err").text = _clean(last)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _testcase(suite: ET.Element, case: dict[str, Any], check: dict[str, Any]) -> None:
    one = ET.SubElement(
        suite,
        "testcase",
        classname=f"adsmock.{case['id']}",
        name=check["id"],
        time=f"{case['seconds'] / len(case['checks']):.3f}",
    )
    properties = ET.SubElement(one, "properties")
    for name in ("status", "severity"):
        ET.SubElement(properties, "property", name=name, value=check[name])
    known = remark(check["baseline"])
    status, sentence = check["status"], _clean(check["sentence"])
    sentence += f" ({_clean(known)})" if known else ""
    if status == "WARN":
        ET.SubElement(properties, "property", name="warning", value=sentence)
    tag = _tag(check)
    if tag == "skipped":
        prove = f"; to prove it, {check['toProve']}" if check["toProve"] else ""
        ET.SubElement(one, tag, message=_clean(f"{status}: {sentence}{prove}"))
    elif tag:
        evidence = "\n".join(f"entry {row['seq']}: {row['note']}" for row in check["rows"])
        problem = ET.SubElement(one, tag, type=status, message=sentence)
        call = f"call: {call_words(check['call'])}\n" if check["call"] else ""
        problem.text = _clean(f"{sentence}\n{call}{evidence}\n{check['howToFix']}")
    else:
        ET.SubElement(one, "system-out").text = f"{status}: {sentence}"


def _tag(check: dict[str, Any]) -> str | None:
    """Return the element of a testcase that did not pass, None for one that did."""
    standing = (check["baseline"] or {}).get("standing")
    if standing == "expected":
        return None
    if standing in WRONG or check["status"] in FAILURES:
        return "failure"
    if check["status"] in SKIPPED:
        return "skipped"
    return "error" if check["status"] in ERRORS else None


def _clean(text: str) -> str:
    return _ILLEGAL.sub("?", text)
