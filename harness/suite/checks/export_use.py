"""Checks of what exports are used for, and of what is sent with their downloads.

Source: Well-Architected Framework, campaign management: exports for metadata in bulk, once or
twice a day; exports guide: the URL is its own permission; documented.
"""

from __future__ import annotations

from collections import Counter

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

DOWNLOAD = "storage.get"


def metadata_comes_by_export(view: CaseView, pages: int) -> Finding:
    """Hold when the metadata of a large account came by export, with at most ``pages`` pages."""
    exports = _accepted(view)
    lists = [call for call in view.of_verb("list") if call.operation.startswith("sp.")]
    numbers = {"exports": len(exports), "pages": len(lists), "most": pages}
    if not exports and not lists:
        return unproven("there was neither an export nor a list")
    sentence = (
        f"{counted(len(exports), 'export')} and {counted(len(lists), 'list page')}; expected: "
        f"an export and at most {counted(pages, 'page')}"
    )
    if not exports or len(lists) > pages:
        return broken(sentence, rows(lists, "list page"), **numbers)
    return holds(sentence, rows(exports, "export"), **numbers)


def exports_are_few(view: CaseView, most: int) -> Finding:
    """Hold when no kind of export was created more than ``most`` times for a profile."""
    exports = _accepted(view)
    if not exports:
        return unproven("no export was created")
    counts = Counter((export.profile_id, export.operation) for export in exports)
    worst, number = counts.most_common(1)[0]
    numbers = {"kinds": len(counts), "exports": number, "most": most}
    same = [export for export in exports if (export.profile_id, export.operation) == worst]
    sentence = f"{worst[1]} was called {counted(number, 'time')}; the limit is {most} a day"
    if number > most:
        return broken(sentence, rows(same[most:], "one export too many"), **numbers)
    return holds(sentence, rows(same, "export"), **numbers)


def storage_is_asked_without_credentials(view: CaseView) -> Finding:
    """Hold when no token, client id or scope went to the storage host."""
    downloads = view.of_operation(DOWNLOAD)
    if not downloads:
        return unproven("no file was downloaded")
    leaks = [(download, _leaked(download)) for download in downloads if _leaked(download)]
    numbers = {"downloads": len(downloads), "leaks": len(leaks)}
    if leaks:
        return broken(
            f"{counted(len(leaks), 'download')} carried {leaks[0][1]} to the storage host",
            [row(call, f"carries {what}") for call, what in leaks],
            **numbers,
        )
    return holds(
        f"{counted(len(downloads), 'download')}, none with credentials",
        rows(downloads, "download"),
        **numbers,
    )


def _accepted(view: CaseView) -> list[Entry]:
    return [
        call
        for call in view.of_verb("create")
        if call.operation.startswith("exports.") and call.is_success
    ]


def _leaked(download: Entry) -> str:
    held = {
        "a token": download.token,
        "a client id": download.client_id,
        "a scope": download.profile_id,
    }
    return " and ".join(name for name, value in held.items() if value)


JUDGES = (exports_are_few, metadata_comes_by_export, storage_is_asked_without_credentials)
