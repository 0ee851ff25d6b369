"""The implementation of ``judge``: a record of a run, or the plain journal of a mock."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs
from rich.console import Console

from adsmock.harness.command import partner_files
from adsmock.harness.command.failure import UsageError
from adsmock.harness.command.suite_run import check_history, publish
from adsmock.harness.suite import baseline, case
from adsmock.harness.suite.case import Case
from adsmock.harness.suite.journal import CaseRecord, RunMeta, RunRecord, integrity, plain, record
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import folder
from adsmock.harness.suite.verdict import RunVerdict

JOURNAL_DRIVER = "journal"
"""The driver of a record that was made from a plain journal."""

DEFAULT_FOLDER = Path("adsmock-report")

NO_DIGESTS = "note: the file carries no digests, so changes to it cannot be detected"

NOTHING_TO_JUDGE = 3

Cases = Mapping[str, Case]


def judge(arguments: argparse.Namespace) -> int:
    """Judge a journal, write the reports, print the verdicts; return the exit code.

    Raises:
        UsageError: the file cannot be judged.
        OSError: it cannot be read, or a report cannot be written.
    """
    check_history(arguments.history)
    cases, path = case.load(), arguments.journal
    is_plain = plain.is_plain(path)
    found = (_plain if is_plain else _recorded)(path, cases)
    found = partner_files.load(arguments, cases).replace_in(found)
    reports = arguments.report_dir or (DEFAULT_FOLDER if is_plain else path.parent)
    folder.claim(reports)
    console = Console()
    is_elsewhere = (reports / folder.JOURNAL).resolve() != path.resolve()
    keeps_journal = is_elsewhere and bool(found.cases)
    with _blaming_file(found, path):
        verdict = _judged(found, cases, path)
        code = publish(
            verdict,
            reports,
            console,
            journal=keeps_journal,
            verbose=arguments.verbose,
            history=arguments.history,
        )
    if not (found.has_digests or is_plain):
        console.print(NO_DIGESTS, highlight=False)
    return NOTHING_TO_JUDGE if is_plain and verdict.word == "nothing" else code


@contextmanager
def _blaming_file(found: RunRecord, path: Path) -> Iterator[None]:
    """Raise a UsageError for any failure on a file without digests: it may have been edited."""
    try:
        yield
    except (UsageError, OSError):
        raise
    except Exception as error:
        if found.has_digests:
            raise
        raise _unreadable(path, f"{type(error).__name__}: {error}") from None


def plain_run(records: tuple[CaseRecord, ...], orphans: int, cases: Cases, name: str) -> RunRecord:
    """Return the record of a program that was not run by the suite: invariants only."""
    meta = RunMeta(
        driver=JOURNAL_DRIVER,
        client=name,
        command=None,
        profile="invariants",
        seed=0,
        cases=tuple(each.id for each in cases.values() if each.every),
        filtered=True,
        orphans=orphans,
    )
    return RunRecord(meta, records)


def _recorded(path: Path, cases: Cases) -> RunRecord:
    """Return the record of a run after checking it."""
    try:
        found = record.read(path)
        unknown = [name for name in found.meta.cases if name not in cases]
        if unknown:
            raise UsageError(f"{path}: unknown case {unknown[0]!r}: use the suite that wrote it")
        integrity.check_record(found, cases)
    except (record.RecordError, integrity.IntegrityError) as error:
        raise UsageError(f"{path}: {error}") from None
    return found


def _plain(path: Path, cases: Cases) -> RunRecord:
    """Return the record of a plain journal."""
    try:
        records, orphans = plain.read(path)
    except plain.PlainJournalError as error:
        raise UsageError(f"{path}: {error}") from None
    return structs.replace(plain_run(records, orphans, cases, path.name), has_digests=False)


def _judged(found: RunRecord, cases: Cases, path: Path) -> RunVerdict:
    """Return the verdict.

    Raises:
        UsageError: a check failed on a file without digests.
    """
    verdict = baseline.settle(judge_run(found, cases))
    for one in () if found.has_digests else verdict.cases:
        for check in one.verdicts:
            if check.status == "ERROR" and not one.record.failure:
                raise _unreadable(path, f"{check.check}: {check.sentence}")
    return verdict


def _unreadable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"{path}: this file without digests cannot be judged ({reason}): a member is missing or "
        "wrong. Write the file again. If nobody changed it, report this as a defect of adsmock"
    )
