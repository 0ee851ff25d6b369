"""The work of an integration, a small module for each part of it.

A role says how much of its work arrives, and does it with a hand. Adding one is a module here and
its name below.
"""

from types import MappingProxyType

from adsmock.loadtests.roles import builder, exporter, optimizer, reader, reporter
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, TurnResult, WriteResult

ROLES = MappingProxyType(
    {
        role.name: role
        for role in (optimizer.ROLE, builder.ROLE, reader.ROLE, exporter.ROLE, reporter.ROLE)
    }
)
"""Every role by name."""

__all__ = ["ROLES", "Caller", "JobRequest", "Role", "TurnResult", "WriteResult"]
