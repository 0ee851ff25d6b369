"""The audit: an integration's calls compared with the minimum for the same outcome."""

from adsmock.harness.volume.audit.audit import Audit, audit
from adsmock.harness.volume.audit.audited_call import AuditedCall, JournalError, of_rows, read
from adsmock.harness.volume.audit.quota_bounds import QuotaBounds, quota_bounds
from adsmock.harness.volume.audit.suite_tasks import SuiteTasks
from adsmock.harness.volume.audit.waste import Waste
from adsmock.harness.volume.audit.writes import GATHER

__all__ = [
    "GATHER",
    "Audit",
    "AuditedCall",
    "JournalError",
    "QuotaBounds",
    "SuiteTasks",
    "Waste",
    "audit",
    "of_rows",
    "quota_bounds",
    "read",
]
