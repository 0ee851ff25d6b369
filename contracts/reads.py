"""Which operations change nothing that an advertiser owns."""

from __future__ import annotations

from adsmock.contracts.model import Operation

_JOBS = ("exports.", "reporting.")


def is_read(operation: Operation) -> bool:
    """Say whether an operation only reads: a GET, a list, a query, an export or a report.

    An export or a report is work for the service, which discards its file by itself.
    """
    is_job = operation.id.startswith(_JOBS) and operation.verb == "create"
    is_query = operation.path.endswith("/list") or "/query/" in operation.path
    return operation.method == "GET" or operation.verb in {"get", "list"} or is_query or is_job
