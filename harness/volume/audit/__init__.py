"""The audit: what an integration called, held against what the same outcome would have needed."""

from adsmock.harness.volume.audit.audit import Audit, audit
from adsmock.harness.volume.audit.seen import JournalError, Seen, of_rows, read
from adsmock.harness.volume.audit.waste import Waste
from adsmock.harness.volume.audit.write import GATHER

__all__ = ["GATHER", "Audit", "JournalError", "Seen", "Waste", "audit", "of_rows", "read"]
