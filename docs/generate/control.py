"""The operations of the control plane."""

from adsmock.mockserver.control.routes import ROUTES
from docs.generate.markdown import code, table


def pages() -> dict[str, str]:
    """Return the page of operations."""
    rows = [(code(one.id), code(f"{one.method} {one.path}"), one.summary) for one in ROUTES]
    return {
        "control-plane.md": "# Control plane operations\n\n"
        "Each operation is an HTTP request, a verb of `adsmock ctl` and a Python call. Shapes of\n"
        "bodies and replies are in `GET /_mock/v1/openapi.json`.\n\n"
        + table(("Operation", "Request", "Does"), rows)
    }
