"""A stateful mock of the Amazon Ads API, and a conformance suite for integrations.

>>> from adsmock import Mock
>>> with Mock() as mock:
...     sandbox = mock.control.call("sandboxes.create", {"seed": 7})
...     sorted(mock.urls)
['EU', 'FE', 'NA']

Stable surface: a change that breaks it increases the major version.

- the names in ``__all__``, and those in ``adsmock.harness.client.__all__``
- the command line: commands, options, exit codes, files in JSON
- the control plane under ``/_mock/v1``, as its ``openapi.json`` describes it
- the options, the marker and the fixtures of the pytest plugin

Everything else may change in any release.
"""

TYPE_CHECKING = False  # type checkers read it as true; importing typing takes a millisecond
if TYPE_CHECKING:
    from adsmock.harness.client.client import AdsClient
    from adsmock.mockserver.app import Mock
    from adsmock.mockserver.control.client import Control

__all__ = ["AdsClient", "Control", "Mock", "__version__"]

__version__ = "0.1.0"

_MODULES = {
    "AdsClient": "adsmock.harness.client.client",
    "Control": "adsmock.mockserver.control.client",
    "Mock": "adsmock.mockserver.app",
}

if not TYPE_CHECKING:  # a checker that saw it would accept every name

    def __getattr__(name: str) -> object:
        """Import a public name at its first use, so that the command starts fast."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 -- the import of adsmock stays free

        return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return sorted(__all__)
