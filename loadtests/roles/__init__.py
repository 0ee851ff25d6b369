"""The work of an integration, one module for each role.

A role defines how much work arrives and does it through a caller. To add a role, add a module and
its name below.
"""

from types import MappingProxyType

from adsmock.loadtests.roles import builder, exporter, optimizer, reader, reporter
from adsmock.loadtests.roles.role import (
    Caller,
    JobRequest,
    Role,
    Task,
    TurnResult,
    Worker,
    WriteResult,
)

ROLES = MappingProxyType(
    {
        role.name: role
        for role in (optimizer.ROLE, builder.ROLE, reader.ROLE, exporter.ROLE, reporter.ROLE)
    }
)
"""Every role by name."""

__all__ = [
    "ROLES",
    "Caller",
    "JobRequest",
    "Role",
    "Task",
    "TurnResult",
    "Worker",
    "WriteResult",
]
