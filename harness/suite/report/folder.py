"""The report folder: all files of one run, written once.

Knows which report is called what. Must not know what stands in them.
"""

from __future__ import annotations

import json
from pathlib import Path

from harness.suite.journal import record
from harness.suite.report import html, junit, run_json
from harness.suite.verdict import RunVerdict

JOURNAL, RUN, JUNIT, HTML = "journal.ndjson", "run.json", "junit.xml", "report.html"


def claim(folder: Path) -> None:
    """Make the folder and show that it can be written, before a run is spent on it.

    Raises:
        OSError: it cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".adsmock"
    probe.write_bytes(b"")
    probe.unlink()


def write(run: RunVerdict, folder: Path, *, journal: bool = True) -> dict[str, Path]:
    """Write the reports into ``folder``; return their paths by name.

    The record comes first: everything else can be made from it again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in (JOURNAL, RUN, JUNIT, HTML)}
    if journal:
        record.write(run.record, paths[JOURNAL])
    document = run_json.render(run)
    text = json.dumps(document, indent=1, ensure_ascii=False)
    paths[RUN].write_bytes((text + "\n").encode("utf-8", "replace"))
    paths[JUNIT].write_bytes(junit.render(document).encode("utf-8", "replace"))
    page = html.render(document, list(record.entries(run.record)))
    paths[HTML].write_bytes(page.encode("utf-8", "replace"))
    return paths
