"""A data directory, and servers that continue on copies of it."""

from tests.unit.mockserver.services.durable.conftest import folder, killed

__all__ = ["folder", "killed"]
