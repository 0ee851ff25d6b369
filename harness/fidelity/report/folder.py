"""The report folder of one comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adsmock.harness.fidelity.comparison import Comparison
from adsmock.harness.fidelity.report import html, sarif
from adsmock.harness.fidelity.report.document import CaptureFacts, evidence, render

DRIFT, EVIDENCE, HTML, SARIF = "drift.json", "evidence.json", "drift.html", "drift.sarif"


def write(found: Comparison, capture: CaptureFacts, folder: Path) -> dict[str, Any]:
    """Write the reports into ``folder``; return drift.json.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = render(found, capture)
    texts = {
        DRIFT: _json(document),
        EVIDENCE: _json(evidence(found, capture)),
        HTML: html.render(document),
        SARIF: _json(sarif.render(document)),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return document


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
