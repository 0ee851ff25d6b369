"""What a client can be given beside its settings, all of it optional.

Knows in which order doors and observers stand around the client's own parts. Must not do their
work. Without any of it a client still checks the deprecation calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cache import CacheDoor, Caching
from .intent import IntentWriter
from .job_registry import ClosingDownloader, JobBook, JobDoor
from .log import CallLog
from .observe import Chart, ObservedTransport
from .version import Notice, VersionDoor, VersionTable, log_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .api import Api, Deprecation
    from .clock import Clock
    from .download import Downloader
    from .natural_key import ReadBack
    from .observe import Observer
    from .sender import Sender
    from .settings import Settings
    from .store import Store
    from .transport import Transport
    from .writer import Writer


@dataclass(frozen=True, slots=True)
class Extensions:
    """What stands around a client.

    ``store`` makes it safe to restart, ``caching`` keeps reads that rarely change, ``observers``
    are told of each exchange (a ``Meter``, for instance), ``on_notice`` of each version that will
    be shut off, and ``deprecations`` are rows beyond those of the contracts.
    """

    store: Store | None = None
    caching: Caching | None = None
    observers: Sequence[Observer] = ()
    on_notice: Callable[[Notice], None] = log_notice
    deprecations: Sequence[Deprecation] = ()


class Fitter:
    """Fits the extensions around the parts of one client."""

    def __init__(self, extensions: Extensions, api: Api, clock: Clock) -> None:
        self._equipment = extensions
        self._api = api
        self._clock = clock
        store = extensions.store
        self.jobs = JobBook(store, clock) if store is not None else None
        """The jobs that outlive this process, None without a store."""

    def transport(self, inner: Transport, settings: Settings) -> Transport:
        """Return a transport that tells the observers."""
        observers = (CallLog(), *self._equipment.observers)
        return ObservedTransport(inner, Chart(self._api, settings), self._clock, observers)

    def sender(self, inner: Sender) -> Sender:
        """Return a sender behind its doors: the version first, then memory, then kept jobs."""
        sender = JobDoor(inner, self.jobs) if self.jobs is not None else inner
        if self._equipment.caching is not None:
            sender = CacheDoor(sender, self._equipment.caching, self._clock)
        calendar = (*self._api.deprecations, *self._equipment.deprecations)
        return VersionDoor(sender, VersionTable(calendar, self._clock, self._equipment.on_notice))

    def writer(self, inner: Writer, readback: ReadBack) -> Writer:
        """Return a writer that notes what it creates."""
        store = self._equipment.store
        return IntentWriter(inner, readback, store) if store is not None else inner

    def downloader(self, inner: Downloader) -> Downloader:
        """Return a downloader that ends kept jobs."""
        return ClosingDownloader(inner, self.jobs) if self.jobs is not None else inner
