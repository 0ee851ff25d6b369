"""The control plane of a mock, and a mock in its own process."""

from adsmock.harness.suite.control.plane import Plane, PlaneError, check_address
from adsmock.harness.suite.control.server import Server, ServerError

__all__ = ["Plane", "PlaneError", "Server", "ServerError", "check_address"]
