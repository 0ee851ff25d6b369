"""The report folder: all files of one run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adsmock.harness.suite import case
from adsmock.harness.suite.journal import record
from adsmock.harness.suite.report import badge, coverage, junit, run_json, sarif
from adsmock.harness.suite.report.html import document as html
from adsmock.harness.suite.verdict import RunVerdict

JOURNAL, RUN, JUNIT, HTML = "journal.ndjson", "run.json", "junit.xml", "report.html"
BADGE, COVERAGE, SARIF = "badge.json", "coverage.csv", "results.sarif"


def claim(folder: Path) -> None:
    """Create the folder and check that it is writable, before the run starts.

    Raises:
        OSError: it cannot be created or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".adsmock"
    probe.write_bytes(b"")
    probe.unlink()


def write(
    run: RunVerdict,
    folder: Path,
    *,
    journal: bool = True,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Path]:
    """Write the reports into ``folder``; return their paths by name.

    The record comes first: all other files can be made from it again. SARIF needs a manifest for
    its locations; without one, the file of an earlier run is removed. ``earlier`` are runs for the
    trend, oldest first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = run_json.render(run)
    texts = {
        RUN: _json(document),
        JUNIT: junit.render(document),
        BADGE: _json(badge.render(document)),
        COVERAGE: coverage.render(case.load().values(), document),
        HTML: html.render(document, list(record.entries(run.record)), earlier),
    }
    if document["manifest"]:
        texts[SARIF] = _json(sarif.render(document))
    else:
        (folder / SARIF).unlink(missing_ok=True)
    paths = {name: folder / name for name in (JOURNAL, *texts)}
    if journal:
        record.write(run.record, paths[JOURNAL])
    for name, text in texts.items():
        paths[name].write_bytes(text.encode("utf-8", "replace"))
    return paths


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
