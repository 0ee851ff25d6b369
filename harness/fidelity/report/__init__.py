"""The files of one comparison: drift.json, evidence.json, drift.html and drift.sarif."""

from adsmock.harness.fidelity.report.document import CaptureFacts, evidence, render
from adsmock.harness.fidelity.report.folder import write

__all__ = ["CaptureFacts", "evidence", "render", "write"]
