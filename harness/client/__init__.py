"""The reference client: does everything right, by operation id.

::

    clock = SystemClock()
    draw = SeededDraw.from_entropy()
    with AdsClient(Settings.from_task(task), clock=clock, sleeper=clock, draw=draw) as client:
        campaigns = client.list("sp.campaigns", profile)

One piece of work takes this path: ``task`` > ``client`` > a verb (``pager``, ``writer``, ``tree``,
``waiter``) > ``sender`` (host, headers, token) > ``retry.chain`` (attempts) > ``limiter`` >
``transport``. Knows the contracts. Must not know the suite or the mock: to this package a mock is
a region like any other.
"""

from harness.client.client import AdsClient
from harness.client.clock import Clock, RemoteClock, Sleeper, SystemClock
from harness.client.draw import Draw, SeededDraw
from harness.client.errors import AdsError
from harness.client.multistatus import ItemError, Outcome
from harness.client.settings import Credentials, Endpoint, Settings
from harness.client.transport import Reply, Request, RequestsTransport, Transport
from harness.client.tree import Branch

__all__ = [
    "AdsClient",
    "AdsError",
    "Branch",
    "Clock",
    "Credentials",
    "Draw",
    "Endpoint",
    "ItemError",
    "Outcome",
    "RemoteClock",
    "Reply",
    "Request",
    "RequestsTransport",
    "SeededDraw",
    "Settings",
    "Sleeper",
    "SystemClock",
    "Transport",
]
