"""Checks of the template that creates the queues of Marketing Stream.

Source: WAF, fundamental component; Marketing Stream, onboarding; documented.
"""

from __future__ import annotations

from collections.abc import Iterable

from adsmock.harness import iac
from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.subscription import Creation, creations
from adsmock.harness.suite.journal import CaseView

SHOWN = 3
"""Findings that a sentence quotes; the numbers count all."""


def template_keeps_rules(view: CaseView, rules: list[str]) -> Finding:
    """Hold when the named template keeps some rules for all that the client subscribed to."""
    assert view.record.template is not None  # else the case is N/A
    made = [each for each in creations(view) if each.is_done]
    if not made:
        return unproven("no subscription was created, so no dataset needs a queue")
    template = iac.restored(view.record.template)
    findings = [each for each in _findings(template, made) if each.rule in rules]
    errors = [each for each in findings if each.level == "error"]
    topics = sorted({f"{each.dataset} in {each.call.region}" for each in made})
    numbers = {"errors": len(errors), "notes": len(findings) - len(errors)}
    evidence = rows((each.call for each in made), "subscribed: its queue is in the template")
    if errors:
        quoted = "; ".join(f"{_place(template, each)}: {each.what}" for each in errors[:SHOWN])
        more = f"; {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
        return broken(f"{quoted}{more}", evidence, **numbers)
    return holds(
        f"{template.file} keeps {counted(len(rules), 'rule')} for {', '.join(topics)}",
        evidence,
        **numbers,
    )


def _findings(template: iac.Template, made: Iterable[Creation]) -> list[iac.Finding]:
    """Return what is wrong with a template, deployed once in each subscribed region."""
    datasets: dict[str, list[str]] = {}
    for each in made:
        datasets.setdefault(each.call.region or "NA", []).append(each.dataset)
    found = (
        finding
        for region, names in sorted(datasets.items())
        for finding in iac.check(template, iac.Wanted(tuple(sorted(set(names))), region)).findings
    )
    return list(dict.fromkeys(found))


def _place(template: iac.Template, finding: iac.Finding) -> str:
    """Return the file with the line of a finding, or with its path where no line is known."""
    has_lines = bool(template.positions)
    place = template.position(finding.path).line if has_lines else finding.path
    return f"{template.file}:{place}"


JUDGES = (template_keeps_rules,)
