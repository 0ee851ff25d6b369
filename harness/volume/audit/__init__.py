"""The audit: what an integration called, held against what the same outcome would have needed."""

from harness.volume.audit.audit import Audit, audit
from harness.volume.audit.seen import JournalError, Seen, of_rows, read
from harness.volume.audit.waste import Waste
from harness.volume.audit.write import GATHER

__all__ = ["GATHER", "Audit", "JournalError", "Seen", "Waste", "audit", "of_rows", "read"]
