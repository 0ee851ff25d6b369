"""The reference client of the Amazon Ads API.

::

    with AdsClient(Settings.from_environment(), extensions=Extensions(store=store)) as client:
        campaigns = client.export("campaigns", profile)

A call takes this path: ``client`` > a verb (``pager``, ``writer``, ``tree``, ``export``,
``report``) > ``sender`` (host, headers, token) > ``retry.chain`` (attempts) > ``limiter`` >
``transport``.
``extensions`` adds the optional parts: ``cache``, ``job_registry`` and ``intent`` (which survive a
restart in an encrypted ``store``), ``meter`` and other observers. ``version`` checks the
deprecation calendar, ``log`` writes masked JSON lines, ``backup`` and ``rollback`` save and restore
campaigns.

The folder can be copied: it needs requests and nothing else of adsmock. Metrics need
prometheus-client; stores and encrypted backups need cryptography.
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
