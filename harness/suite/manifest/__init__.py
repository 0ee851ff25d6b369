"""The partner's manifest: its file, its form, and what it means for a check."""

from harness.suite.manifest.document import Document, DocumentError, read
from harness.suite.manifest.form import NOTHING_DECLARED, Manifest, declared

__all__ = ["NOTHING_DECLARED", "Document", "DocumentError", "Manifest", "declared", "read"]
