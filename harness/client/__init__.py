"""The reference client: does everything right, by operation id.

::

    with AdsClient(Settings.from_environment(), extensions=Extensions(store=store)) as client:
        campaigns = client.export("campaigns", profile)

One piece of work takes this path: ``task`` > ``client`` > a verb (``pager``, ``writer``, ``tree``,
``waiter``) > ``sender`` (host, headers, token) > ``retry.chain`` (attempts) > ``limiter`` >
``transport``. Around it stand the ``extensions``: ``version`` (calendar), ``cache``, ``job`` and
``intent`` (what survives a restart, in a ``store`` sealed by a ``vault``), ``observe`` with
``meter`` and ``log``. On top stand ``backup`` and ``rollback``. Knows the contracts. Must not know
the suite or the mock: to this package a mock is a region like any other.
"""

from .cache import Caching
from .client import AdsClient
from .clock import Clock, RemoteClock, Sleeper, SystemClock
from .errors import AdsError
from .extensions import Extensions
from .log import log_to
from .meter import Meter
from .multistatus import ItemError, Outcome
from .random_source import RandomSource, SeededRandom
from .settings import Credentials, Endpoint, Settings
from .store import SqliteStore
from .transport import Reply, Request, RequestsTransport, Transport
from .tree import Branch

__all__ = [
    "AdsClient",
    "AdsError",
    "Branch",
    "Caching",
    "Clock",
    "Credentials",
    "Endpoint",
    "Extensions",
    "ItemError",
    "Meter",
    "Outcome",
    "RandomSource",
    "RemoteClock",
    "Reply",
    "Request",
    "RequestsTransport",
    "SeededRandom",
    "Settings",
    "Sleeper",
    "SqliteStore",
    "SystemClock",
    "Transport",
    "log_to",
]
