"""The mock as one object: the same for ``serve``, for tests and inside a program."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from adsmock import __version__
from adsmock.contracts.loader import load
from adsmock.mockserver.control import create_control, create_direct
from adsmock.mockserver.control.access import AccessRules, token_for
from adsmock.mockserver.control.client import Control
from adsmock.mockserver.control.in_process import InProcessControl
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.job import at_once
from adsmock.mockserver.core.journal import Mode as JournalMode
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.push import PushTargets
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.edge.addresses import (
    AWS,
    CONTROL,
    LOOPBACK,
    MAIN,
    PROXY,
    STORAGE,
    TLS,
    Addresses,
)
from adsmock.mockserver.edge.asgi import Edge
from adsmock.mockserver.edge.listener import ListenerSet
from adsmock.mockserver.edge.listener_registry import FOREIGN, LOCAL_NAMES, ListenerRegistry
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.servers import ServerGroup, new_loop
from adsmock.mockserver.edge.wsgi import WsgiBridge
from adsmock.mockserver.pipeline import Pipeline
from adsmock.mockserver.push import make_pusher
from adsmock.mockserver.runtime import Runtime, with_files
from adsmock.mockserver.services.sandboxes.create import (
    DEFAULT_CREDENTIALS,
    DEFAULT_ID,
    SandboxRequest,
    make_sandbox,
)

if TYPE_CHECKING:
    from flask import Flask

    from adsmock.mockserver.services.durable.data_directory import DataDirectory


_START_SECONDS = 30.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a mock is served.

    ``port`` is the first of several consecutive ports; 0 takes a free port for each listener.
    ``control_port`` defaults to ``port`` + 10. The control plane listens on loopback unless
    ``allow_remote_control``; then callers need a token, generated unless ``control_token`` is set.
    ``control_hosts`` are host names by which they may call it.
    ``limits`` bound what callers may send and occupy.
    With ``data_dir`` all state survives a restart, and snapshots are kept there too, with
    ``keep_journal`` also so many bytes of journals.
    ``openapi`` are files whose operations are served where no contract covers them. With
    ``tls`` there are two listeners more: the real host names, and a proxy that leads to them.
    ``reached_by`` are base URLs by endpoint where clients do not use the ports themselves.
    ``push`` says where messages of Marketing Stream go instead of to the inbox.
    ``shard`` is the process's place among several; only the first has the default sandbox.
    """

    host: str = LOOPBACK
    port: int = 0
    control_port: int | None = None
    seed: int = 0
    journal: JournalMode = "lean"
    limits: Limits = field(default_factory=Limits)
    snapshot_dir: str | None = None
    data_dir: str | None = None
    keep_journal: int = 0
    allow_remote_control: bool = False
    control_token: str = ""
    control_hosts: tuple[str, ...] = ()
    tls: bool = False
    openapi: tuple[str, ...] = ()
    reached_by: dict[str, str] = field(default_factory=dict)
    push: PushTargets = field(default_factory=PushTargets)
    shard: Shard = field(default_factory=Shard)

    @property
    def has_default(self) -> bool:
        """Say whether the sandbox with the well-known credentials belongs to this process."""
        return self.shard.number <= 1


class Mock:
    """A mock of the Amazon Ads API in this process, on free ports by default.

    It serves from its own thread while a ``with`` block runs; ``run`` serves in the foreground.

    >>> with Mock(seed=7) as mock:
    ...     address = mock.urls["NA"]["ads"]
    ...     mock.control.call("clock.put", {"mode": "frozen"})["mode"]
    'frozen'

    ``changes`` replace members of ``settings``. Programs read and change the mock through
    ``control``; ``runtime`` is for the project's own tests.
    """

    def __init__(self, settings: Settings | None = None, **changes: Any) -> None:
        self.settings = replace(settings or Settings(), **changes)
        self.control_token = token_for(
            self.settings.control_token, is_remote=self.settings.allow_remote_control
        )
        self._access = AccessRules(
            self.control_token, self.settings.control_hosts, self.settings.allow_remote_control
        )
        self._pool = ThreadPoolExecutor(1, "adsmock-file")
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._servers: ServerGroup | None = None
        self._failure: BaseException | None = None
        self._is_stopping = False
        self._ports = _open_ports(self.settings)
        self.ports = self._ports.numbers()
        self._urls = self._ports.urls() | self.settings.reached_by
        try:
            self.runtime = build_runtime(self.settings, self.storage_url, self._pool)
        except BaseException:
            self._ports.close()
            self._pool.shutdown()
            raise
        self.runtime.sandboxes.aws_url = self.aws_url
        self._pusher = make_pusher(self.runtime.sandboxes)
        self._pipeline = Pipeline(self.runtime)
        names = (*LOCAL_NAMES, FOREIGN, self.settings.host)
        listeners = ListenerSet(self._pipeline, self.runtime.hosts.names, names)
        self.listener_registry = ListenerRegistry(
            listeners, self.settings.host, self.runtime.contract_set.regions
        )
        if self.settings.tls:
            self.listener_registry.add_shared(self._ports)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def urls(self) -> dict[str, dict[str, str]]:
        """Base URLs by region: ``ads`` of the API, ``lwa`` of the token service."""
        return {
            region: {"ads": self._urls[region], "lwa": self._urls[region]}
            for region in self.runtime.contract_set.regions
        }

    @property
    def main_url(self) -> str:
        """The port that serves every region, by host name or path prefix."""
        return self._urls[MAIN]

    @property
    def storage_url(self) -> str:
        """Where export files are downloaded."""
        return self._urls[STORAGE]

    @property
    def aws_url(self) -> str:
        """SQS, SNS and S3."""
        return self._urls[AWS]

    @property
    def control_url(self) -> str:
        """The control plane."""
        return self._urls[CONTROL]

    @property
    def control(self) -> Control:
        """Calls to the control plane."""
        return Control(self.control_url, self.control_token)

    @property
    def in_process_control(self) -> InProcessControl:
        """Calls to the control plane that need no port, for a mock that does not serve yet."""
        return InProcessControl(self._make_control(), self.control_token)

    @property
    def has_default(self) -> bool:
        """Say whether the sandbox with the well-known credentials exists."""
        return self.runtime.sandboxes.get(DEFAULT_ID) is not None

    @property
    def default(self) -> Sandbox:
        """The sandbox with the well-known credentials."""
        sandbox = self.runtime.sandboxes.get(DEFAULT_ID)
        if sandbox is None:
            raise LookupError("the default sandbox was deleted")
        return sandbox

    @property
    def secure(self) -> dict[str, str]:
        """Where TLS is, the proxy that leads there and the file to trust; empty without TLS."""
        if not self.settings.tls:
            return {}
        return {name: self._urls[name] for name in (TLS, PROXY)} | {
            "ca": str(self.listener_registry.ca_file)
        }

    def announcement(self) -> dict[str, Any]:
        """Return where everything is, as ``serve --announce json`` prints it."""
        found = {
            "version": __version__,
            "pid": os.getpid(),
            "control": self.control_url,
            **({"controlToken": self.control_token} if self.control_token else {}),
            "main": self.main_url,
            "storage": self.storage_url,
            "aws": self.aws_url,
            "regions": self.urls,
            **({"ports": self.ports} if self.settings.reached_by else {}),
        }
        if self.settings.push.webhook:
            found["webhookSecret"] = self.settings.push.secret
        return found | ({"secure": self.secure} if self.secure else {})

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve in this thread until ``stop`` is called from a signal handler or a thread."""
        lag = LoopLag()
        self.runtime.metrics.worst_lag = lambda: lag.worst
        capacity = self.runtime.sandboxes.capacity
        edge = Edge(self._pipeline, self._ports.endpoints(), lag, capacity)
        bridge = WsgiBridge(
            self._make_control, capacity, lambda: create_direct(self.runtime, self._access)
        )
        if self._pusher is not None:
            self._pusher.start()
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                self._loop = runner.get_loop()
                self._servers = ServerGroup(
                    edge,
                    bridge,
                    self._ports.data,
                    self._ports.control,
                    lag,
                    listeners=self.listener_registry.listeners,
                )
                if not self._is_stopping:  # a signal may come before there is a listener
                    runner.run(self._servers.run(ready))
        finally:
            self._loop = None
            bridge.close()
            self.close()

    def start(self) -> None:
        """Serve from a thread of its own; returns when every port answers.

        Raises:
            RuntimeError: the server did not come up.
        """
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run_in_thread, args=(ready,), name="adsmock", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_SECONDS) or self._failure is not None:
            raise RuntimeError("the mock did not start") from self._failure

    def stop(self) -> None:
        """Finish what has begun, close every port and return when the loop has ended."""
        self._is_stopping = True
        loop, servers = self._loop, self._servers
        if loop is not None and servers is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(servers.stop)
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def close(self) -> None:
        """Close every port; only a mock that never ran needs this call."""
        if self._pusher is not None:
            self._pusher.stop()
        self.listener_registry.close_all()
        self._ports.close()
        self._pool.shutdown()
        if self.runtime.data is not None:
            self.runtime.data.close()

    def _run_in_thread(self, ready: threading.Event) -> None:
        try:
            self.run(ready.set)
        except BaseException as error:  # noqa: BLE001 -- start() reports it
            self._failure = error
            ready.set()

    def _make_control(self) -> Any:
        settings = self.settings
        folder = settings.snapshot_dir or (settings.data_dir and f"{settings.data_dir}/snapshots")
        return create_control(
            self.runtime,
            urls=self.urls,
            snapshot_dir=folder,
            access=self._access,
            listeners=self.listener_registry,
        )


def _open_ports(settings: Settings) -> Addresses:
    control_host = settings.host if settings.allow_remote_control else LOOPBACK
    ports = Addresses(settings.host, control_host, load().regions, with_tls=settings.tls)
    return ports.open(settings.port, settings.control_port)


def build_runtime(settings: Settings, storage_url: str, pool: ThreadPoolExecutor | None) -> Runtime:
    """Return a runtime with its sandboxes; without a pool files are made at once."""
    sandboxes = Sandboxes(
        seed=settings.seed,
        worker=at_once if pool is None else pool.submit,
        shard=settings.shard,
        capacity=Capacity(settings.limits),
        journal_mode=settings.journal,
    )
    sandboxes.pushes.targets = settings.push
    contract_set = with_files(settings.openapi)
    data = _open_data(settings)
    if data is not None:
        try:
            data.restore(sandboxes, contract_set)
        except BaseException:
            data.release()
            raise
    if settings.has_default and (data is None or not data.is_restored):
        make_sandbox(
            sandboxes,
            contract_set,
            SandboxRequest(
                id=DEFAULT_ID,
                seed=settings.seed,
                journal=settings.journal,
                credentials=DEFAULT_CREDENTIALS,
            ),
        )
    runtime = Runtime.build(sandboxes, contract_set, storage_url)
    if data is not None:
        data.track()
        runtime.data = data
    return runtime


def _open_data(settings: Settings) -> DataDirectory | None:
    """Return the data directory of this process, None if the settings name none.

    Raises:
        DataError: it cannot be used.
    """
    if settings.data_dir is None:
        return None
    from adsmock.mockserver.services.durable.data_directory import DataDirectory  # noqa: PLC0415 -- an option

    def report(line: str) -> None:
        sys.stderr.write(f"adsmock: {line}\n")

    return DataDirectory(Path(settings.data_dir), report, settings.keep_journal)


def create_app(runtime: Runtime | None = None) -> Flask:
    """Return data plane and control plane (under ``/_mock``) as one Flask application.

    For test clients and any WSGI server. There is no socket: faults that break the
    connection raise ConnectionResetError or TimeoutError, and faults that take time answer at once.
    """
    from adsmock.mockserver.edge.inprocess import create_application  # noqa: PLC0415 -- brings Flask

    if runtime is None:
        runtime = build_runtime(Settings(journal="full"), "http://localhost/_storage", None)
    return create_application(Pipeline(runtime), create_control(runtime), runtime.limits)
