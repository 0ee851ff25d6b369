"""The control plane of a mock, and a mock of one's own."""

from adsmock.harness.suite.control.plane import Plane, PlaneError, greet
from adsmock.harness.suite.control.server import Server, ServerError

__all__ = ["Plane", "PlaneError", "Server", "ServerError", "greet"]
