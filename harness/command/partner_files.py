"""The manifest and the baseline that a partner adds to a run."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from msgspec import structs

from adsmock.contracts import loader as contracts
from adsmock.contracts import report_tables
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness import iac
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.command.failure import UsageError
from adsmock.harness.config_file import Document, read
from adsmock.harness.suite import baseline
from adsmock.harness.suite.case import Case
from adsmock.harness.suite.case import load as load_cases
from adsmock.harness.suite.case.model import VERBS
from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal import CaseRecord, DeclaredFile, RunRecord
from adsmock.harness.suite.manifest import Manifest, declared
from adsmock.harness.suite.verdict import RunVerdict

REFERENCE = "reference"

WAYS = ("client", "cmd", "adapter", "free")
"""The options that name a client."""

STARTS = ("command", "adapter", "free")
"""The members of [start] that name a program."""

MANIFEST = "ads-client.toml"
"""The file that ``adsmock init`` writes."""

UNNAMED = (
    f"{MANIFEST} is in this folder, but no option names a program: use --manifest {MANIFEST}, or "
    "--client reference for the bundled client"
)
"""Without it a pass of the bundled client would look like one of the partner's program."""

NO_PROGRAM = (
    "{file} names no program to judge, nor does an option: write [start] with free, command or "
    "adapter, or use --free, --cmd, --adapter or --client"
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """Both documents; None for a file that was not named."""

    manifest: Document | None
    baseline: Document | None
    template: DeclaredFile | None = None
    """The template of its queues, which the manifest names."""

    @property
    def declared(self) -> Manifest:
        """The declarations of the manifest, or the defaults."""
        return declared(self.manifest.values if self.manifest else None)

    def complete(self, arguments: argparse.Namespace, timeout: float) -> None:
        """Set the client and the case timeout if the command line does not.

        ``has_time_limit`` says whether the user gave a limit, here or in the manifest: it is one
        for slow cases, too.

        Raises:
            UsageError: there is a manifest, named or in this folder, and nothing says which program
                to judge.
        """
        start = self.declared.start
        if not _is_named(arguments):
            arguments.cmd, arguments.adapter = start.command, start.adapter
            arguments.free = start.free
            arguments.through_proxy = arguments.through_proxy or start.through_proxy
        if not _is_named(arguments):
            if self.manifest is not None:
                raise UsageError(NO_PROGRAM.format(file=self.manifest.file))
            if Path(MANIFEST).is_file():
                raise UsageError(UNNAMED)
            arguments.client = REFERENCE
        given = arguments.timeout if arguments.timeout is not None else start.timeout_seconds
        arguments.has_time_limit = given is not None
        arguments.timeout = timeout if given is None else given

    def attach(self, record: RunRecord) -> RunRecord:
        """Return the record of a run that ends now, with both documents."""
        today = datetime.fromtimestamp(SystemClock().now(), UTC).date().isoformat()
        return self.replace_in(
            structs.replace(record, meta=structs.replace(record.meta, date=today))
        )

    def replace_in(self, record: RunRecord) -> RunRecord:
        """Return a record with these documents instead of its own."""
        meta = record.meta
        if self.manifest is not None:
            meta = structs.replace(meta, manifest=self.manifest.record())
        if self.baseline is not None:
            meta = structs.replace(meta, baseline=self.baseline.record())
        return structs.replace(record, meta=meta, cases=tuple(map(self._of_case, record.cases)))

    def _of_case(self, record: CaseRecord) -> CaseRecord:
        """Return a record with this template instead of its own, where its case reads one."""
        case = load_cases().get(record.case)
        if self.template is None or case is None or not case.template:
            return record
        return structs.replace(record, template=self.template)


def _is_named(arguments: argparse.Namespace) -> bool:
    return any(getattr(arguments, way) is not None for way in WAYS)


def load(arguments: argparse.Namespace, cases: Mapping[str, Case]) -> Declaration:
    """Return the files that the command line names, validated against this suite.

    Raises:
        DocumentError: a file does not fit its schema.
        UsageError: a file names an unknown case, check, verb, resource or report type.
        OSError: a file cannot be read.
    """
    found = Declaration(None, None)
    if arguments.manifest is not None:
        manifest = _manifest(arguments.manifest, cases)
        found = replace(found, manifest=manifest, template=_template(manifest, arguments.manifest))
    is_new = getattr(arguments, "update_baseline", False) and not _exists(arguments.baseline)
    if arguments.baseline is not None and not is_new:
        found = replace(found, baseline=baseline.read(arguments.baseline, cases))
    return found


def manifest_of(path: Path | None) -> Manifest:
    """Return a manifest, validated against this suite; without a file the defaults.

    Raises:
        DocumentError: the file does not fit its schema.
        UsageError: it names an unknown case, check, verb, resource or report type.
        OSError: it cannot be read.
    """
    return declared(_manifest(path, load_cases()).values) if path else declared(None)


def _template(manifest: Document, path: Path) -> DeclaredFile | None:
    """Return the template that a manifest names, with the given values of its parameters.

    Raises:
        DocumentError: it is no CloudFormation template.
        UsageError: it creates no queue, or a given parameter is not one of its own.
        OSError: it cannot be read.
    """
    named = manifest.values.get("infrastructure")
    if named is None:
        return None
    given = named.get("parameters", {})
    line = manifest.line_of("infrastructure.template")
    place = f"{manifest.file}: line {line}: infrastructure"
    file = path.parent / named["template"]
    if not file.is_file():
        raise UsageError(
            f"{place}.template: there is no file {file}. Name it relative to the manifest"
        )
    template = iac.read(file)
    problem = iac.unknown_parameter(template, given)
    if problem:
        raise UsageError(f"{place}.parameters: {problem}")
    if not iac.check(template).has_queues:
        raise UsageError(
            f"{place}.template: {template.file} creates no AWS::SQS::Queue. Name the template that "
            "creates the queues of Marketing Stream"
        )
    return iac.recorded(template, given)


def update(verdict: RunVerdict, path: Path) -> list[str]:
    """Write the baseline for the next run; return a line about it, none without a file."""
    change = baseline.update(verdict, path, version("adsmock"))
    if change is None:
        return []
    changed = f"{counted(change.added, 'row')} added, {change.removed} removed, {change.kept} kept"
    advice = ". Write a reason for each new row" if change.added else ""
    return [f"baseline: {path}: {changed}{advice}"]


def _exists(path: Path | None) -> bool:
    if path is None:
        raise UsageError("--update-baseline needs --baseline FILE")
    return path.exists()


def _check_start(document: Document) -> None:
    """Refuse a manifest that starts the integration in several ways."""
    ways = [way for way in STARTS if way in document.values.get("start", {})]
    if len(ways) > 1:
        place = f"{document.file}: line {document.line_of(f'start.{ways[1]}')}: start"
        raise UsageError(
            f"{place}: {' and '.join(ways)} are given: keep one of {', '.join(STARTS)}"
        )


def _manifest(path: Path, cases: Mapping[str, Case]) -> Document:
    document = read(path, "manifest")
    manifest = declared(document.values)
    _check_start(document)
    names = {*cases, *(check.id for case in cases.values() for check in case.checks)}
    lists: tuple[tuple[str, str, list[str], Collection[str]], ...] = (
        ("not_applicable", "case or check", list(manifest.absent), names),
        ("verbs", "verb", sorted(manifest.verbs or ()), VERBS),
        ("resources", "resource", sorted(manifest.resources or ()), contracts.load().by_name),
        ("report_types", "report type", sorted(manifest.report_types or ()), report_tables.types()),
    )
    for member, noun, declared_names, known in lists:
        for name in declared_names:
            if name not in known:
                hint = did_you_mean(name, known)
                place = f"{path.name}: line {document.line_of(member)}: {member}"
                raise UsageError(f"{place}: unknown {noun} {name!r}: {hint}")
    return document
