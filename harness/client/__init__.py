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

from adsmock.harness.client.cache import Caching
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import Clock, RemoteClock, Sleeper, SystemClock
from adsmock.harness.client.errors import AdsError
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.log import log_to
from adsmock.harness.client.meter import Meter
from adsmock.harness.client.multistatus import ItemError, Outcome
from adsmock.harness.client.random_source import RandomSource, SeededRandom
from adsmock.harness.client.settings import Credentials, Endpoint, Settings
from adsmock.harness.client.store import SqliteStore
from adsmock.harness.client.transport import Reply, Request, RequestsTransport, Transport
from adsmock.harness.client.tree import Branch

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
