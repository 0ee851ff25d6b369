"""The optional parts of a client, and the order in which they wrap its own parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .api import Api, Deprecation
from .cache import CacheMiddleware, Caching
from .clock import Clock
from .download import Downloader
from .intent import IntentWriter
from .job_registry import ClosingDownloader, JobMiddleware, JobRegistry
from .log import CallLog
from .natural_key import ReadBack
from .observe import ObservedTransport, Observer, RouteTable
from .sender import Sender
from .settings import Settings
from .store import Store
from .transport import Transport
from .version import Notice, VersionMiddleware, VersionTable, log_notice
from .writer import Writer


@dataclass(frozen=True, slots=True)
class Extensions:
    """The optional parts of a client.

    ``store`` makes it safe to restart. ``caching`` keeps reads that rarely change. ``observers``,
    such as a ``Meter``, are called after each exchange. ``on_notice`` is called once for each
    version that will be shut off. ``deprecations`` are added to the known calendar.
    ``stream_path`` is the SQLite file with the sums of Marketing Stream.
    """

    store: Store | None = None
    caching: Caching | None = None
    observers: Sequence[Observer] = ()
    on_notice: Callable[[Notice], None] = log_notice
    deprecations: Sequence[Deprecation] = ()
    stream_path: str | Path = ":memory:"


class Assembler:
    """Wraps the parts of one client in its extensions."""

    def __init__(self, extensions: Extensions, api: Api, clock: Clock) -> None:
        self._extensions = extensions
        self._api = api
        self._clock = clock
        store = extensions.store
        self.jobs = JobRegistry(store, clock) if store is not None else None
        """The jobs that survive a restart, None without a store."""
        self.stream_path = extensions.stream_path

    def transport(self, inner: Transport, settings: Settings) -> Transport:
        """Return a transport that calls the observers."""
        observers = (CallLog(), *self._extensions.observers)
        return ObservedTransport(inner, RouteTable(self._api, settings), self._clock, observers)

    def sender(self, inner: Sender) -> Sender:
        """Return a sender in its middleware: version check, then cache, then kept jobs."""
        sender = JobMiddleware(inner, self.jobs) if self.jobs is not None else inner
        if self._extensions.caching is not None:
            sender = CacheMiddleware(sender, self._extensions.caching, self._clock)
        calendar = (*self._api.deprecations, *self._extensions.deprecations)
        return VersionMiddleware(
            sender, VersionTable(calendar, self._clock, self._extensions.on_notice)
        )

    def writer(self, inner: Writer, readback: ReadBack) -> Writer:
        """Return a writer that records its creates in the store, where there is one."""
        store = self._extensions.store
        return IntentWriter(inner, readback, store) if store is not None else inner

    def downloader(self, inner: Downloader) -> Downloader:
        """Return a downloader that removes finished jobs from the store, where there is one."""
        return ClosingDownloader(inner, self.jobs) if self.jobs is not None else inner
