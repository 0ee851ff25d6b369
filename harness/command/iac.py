"""adsmock iac: check the template or the plan of a Marketing Stream consumer's AWS resources."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsmock.harness.command.failure import UsageError, guarded

if TYPE_CHECKING:
    from adsmock.harness.iac import Report

SUMMARY = "Check the AWS template of a Marketing Stream consumer."
WORKFLOW = "inspect"

EXAMPLES = """\
adsmock iac template > stream.yaml      a template that passes, to start from
adsmock iac check stream.yaml
adsmock iac check plan.json             of: terraform show -json plan.bin > plan.json
adsmock iac check stream.yaml --region EU --dataset sp-traffic --sarif iac.sarif
"""

FAILED = 1

LEVELS = ("error", "warning", "note")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "action", choices=("check", "template"), help="check FILE, or print a model template"
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="CloudFormation (YAML, JSON), or what terraform show -json prints",
    )
    parser.add_argument(
        "--region", metavar="REGION", help="the region to deploy for: NA, EU or FE (default: any)"
    )
    parser.add_argument(
        "--dataset",
        action="append",
        default=[],
        metavar="ID",
        help="a dataset that the queues must take (repeatable)",
    )
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="the value of a parameter (repeatable)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="leave out a rule (repeatable)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings as JSON")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write the findings as SARIF")


def run(arguments: argparse.Namespace) -> int:
    """Check the template; 0 without errors, 1 with errors."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from adsmock.harness import iac  # noqa: PLC0415 -- help needs none of it

    if arguments.action == "template":
        if arguments.file is not None:
            raise UsageError("iac template takes no FILE: redirect its output, as in > stream.yaml")
        sys.stdout.write(iac.MODEL.read_text("utf-8"))
        return 0
    if arguments.file is None:
        raise UsageError("iac check needs FILE. Try: adsmock iac template > stream.yaml")
    _verify(arguments)
    template = iac.read(arguments.file)
    given = _parameters(arguments.parameter)
    problem = iac.unknown_parameter(template, given)
    if problem:
        raise UsageError(f"{arguments.file.name}: {problem}")
    wanted = iac.Wanted(tuple(arguments.dataset), arguments.region)
    report = iac.check(template, wanted, given, arguments.ignore)
    if not report.has_queues:
        raise UsageError(
            f"{arguments.file.name} creates no AWS::SQS::Queue, so nothing was checked. Name the "
            "template that creates the queues; delivery streams are not checked"
        )
    _write(arguments.json, iac.as_json(report))
    _write(arguments.sarif, iac.as_sarif(report))
    _print(report)
    return FAILED if report.failures else 0


def _verify(arguments: argparse.Namespace) -> None:
    """Refuse names that do not exist."""
    from adsmock.contracts.loader import load  # noqa: PLC0415 -- help needs none of it
    from adsmock.contracts.suggest import did_you_mean  # noqa: PLC0415 -- as above
    from adsmock.harness.iac import RULES  # noqa: PLC0415 -- as above
    from adsmock.harness.iac.topics import datasets  # noqa: PLC0415 -- as above

    given = [("region", arguments.region, load().regions)] if arguments.region else []
    checked: list[tuple[str, str, Any]] = [
        *given,
        *(("dataset", each, datasets()) for each in arguments.dataset),
        *(("rule", each, RULES) for each in arguments.ignore),
    ]
    for noun, name, known in checked:
        if name not in known:
            raise UsageError(f"unknown {noun} {name!r}: {did_you_mean(name, known)}")


def _parameters(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, equals, value in pairs:
        if not (name and equals):
            raise UsageError(f"--parameter {name}{value!r}: expected NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _write(path: Path | None, document: Mapping[str, Any]) -> None:
    if path is not None:
        path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def _print(report: Report) -> None:
    for finding in sorted(report.findings, key=lambda each: LEVELS.index(each.level)):
        place = report.template.position(finding.path)
        where = f"{report.template.file}:{place.line}:{place.column}"
        sys.stdout.write(f"{where}: {finding.level}: {finding.text} [{finding.rule}]\n")
    for line in _summary(report):
        sys.stdout.write(f"{line}\n")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _summary(report: Report) -> list[str]:
    """Return what was checked, and what was not."""
    lines = []
    for name, topics in report.queues.items():
        taken = [f"{each.dataset} in {each.region}" for each in topics]
        lines.append(f"{name} takes {', '.join(taken) or 'no dataset that is known here'}")
    lines += [f"not checked: the delivery stream {each}" for each in report.firehoses]
    lines += [f"ignored: {each}" for each in report.ignored]
    levels: list[str] = [each.level for each in report.findings]
    counts = [_counted(levels.count(each), each) for each in LEVELS]
    return [*lines, ", ".join(counts)]
