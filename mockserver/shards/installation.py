"""Several shards, their balancer and their control plane, as one program."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from adsmock import __version__
from adsmock.contracts.loader import load
from adsmock.mockserver.control.access import AccessRules, token_for
from adsmock.mockserver.control.client import Control, ControlError
from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.shard import Shard, names_of
from adsmock.mockserver.edge.addresses import AWS, CONTROL, LOOPBACK, MAIN, STORAGE, Addresses
from adsmock.mockserver.edge.asgi import Edge
from adsmock.mockserver.edge.loop_lag import LoopLag
from adsmock.mockserver.edge.servers import ServerGroup, new_loop
from adsmock.mockserver.edge.wsgi import WsgiBridge
from adsmock.mockserver.shards.balancer import Balancer, BalancerError
from adsmock.mockserver.shards.directory import Directory
from adsmock.mockserver.shards.process import AnyShard, ShardError, ShardProcess
from adsmock.mockserver.shards.remote import RemoteShard

_PAUSE = 0.02
_READY_SECONDS = 10.0
_FIRST_DELAY = 0.1
_LONGEST_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class ShardSettings:
    """How an installation is served. ``options`` returns the options of one shard's ``serve``.

    ``places`` are host and first port of each shard that runs already, on other machines; without
    them ``count`` processes are started here.
    ``reached_by`` are base URLs by endpoint where clients do not use the balancer's own ports.
    """

    count: int
    options: Callable[[int], Sequence[str]]
    host: str = LOOPBACK
    port: int = 0
    control_port: int | None = None
    allow_remote_control: bool = False
    reached_by: dict[str, str] | None = None
    limits: Limits = field(default_factory=Limits)
    control_token: str = ""
    control_hosts: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()


class Installation:
    """Shards behind a balancer. ``run`` serves until ``stop``.

    Raises:
        BalancerError: HAProxy is not installed.
        PortBusy: a port cannot be opened.
    """

    def __init__(self, settings: ShardSettings) -> None:
        self.settings = settings
        self.control_token = token_for(
            settings.control_token, is_remote=settings.allow_remote_control
        )
        control_host = settings.host if settings.allow_remote_control else LOOPBACK
        addresses = Addresses(settings.host, control_host, load().regions)
        self._folder = tempfile.TemporaryDirectory(prefix="adsmock-")
        self._addresses = addresses.open(settings.port, settings.control_port)
        self.urls = self._addresses.urls() | (settings.reached_by or {})
        self._balancer = self._make_balancer()
        self.shards = self._make_shards()
        self._directory = Directory(names_of(settings.count), self._balancer)
        self._stopping = Event()
        self._servers: ServerGroup | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def _make_balancer(self) -> Balancer:
        try:
            return Balancer(Path(self._folder.name), self._addresses.by_name())
        except BalancerError:
            self.close()
            raise

    def _make_shards(self) -> Sequence[AnyShard]:
        settings, token = self.settings, self.control_token
        shards = [Shard(number, settings.count) for number in range(1, settings.count + 1)]
        if settings.places:
            pairs = zip(shards, settings.places, strict=True)
            return [RemoteShard(shard, place, token) for shard, place in pairs]
        reached_by = {name: url for name, url in self.urls.items() if name != CONTROL}
        return [
            ShardProcess(shard, settings.options(shard.number), reached_by, token)
            for shard in shards
        ]

    @property
    def control(self) -> Control:
        """Calls to the control plane of all shards."""
        return Control(self.urls[CONTROL], self.control_token)

    def announcement(self) -> dict[str, Any]:
        """Return where everything is, as ``serve --announce json`` prints it."""
        token = {"controlToken": self.control_token} if self.control_token else {}
        return token | {
            "version": __version__,
            "pid": os.getpid(),
            "control": self.urls[CONTROL],
            "main": self.urls[MAIN],
            "storage": self.urls[STORAGE],
            "aws": self.urls[AWS],
            "regions": {
                region: {"ads": self.urls[region], "lwa": self.urls[region]}
                for region in load().regions
            },
            "shards": [each.announcement() for each in self.shards],
            "balancer": self._balancer.pid,
        }

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, serve the control plane in this thread, and end everything.

        Raises:
            ShardError: a shard did not start.
            BalancerError: HAProxy did not start.
        """
        try:
            self._start()
            self._serve(ready)
        finally:
            self._stopping.set()
            self._balancer.stop()
            for shard in self.shards:
                shard.stop()
            self.close()

    def stop(self) -> None:
        """End ``run``; for signal handlers and other threads."""
        self._stopping.set()
        loop, servers = self._loop, self._servers
        if loop is not None and servers is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(servers.stop)

    def close(self) -> None:
        """Close every port and remove the folder."""
        self._addresses.close()
        self._folder.cleanup()

    def _start(self) -> None:
        for shard in self.shards:
            shard.start()
        for shard in self.shards:
            shard.await_ready()
        names = "".join(f"{shard.name} {shard.name}\n" for shard in self.shards)
        self._balancer.write({each.name: each.where for each in self.shards}, {"shards": names})
        Thread(target=self._keep_balancer, name="adsmock-balancer", daemon=True).start()
        self._await_balancer()
        self._balancer.is_informed = True
        for shard in self.shards:
            self._enter(shard)
            Thread(
                target=self._keep, args=(shard,), name=f"adsmock-{shard.name}", daemon=True
            ).start()

    def _await_balancer(self) -> None:
        for _ in range(round(_READY_SECONDS / _PAUSE)):
            if self._balancer.is_ready:
                return
            self._stopping.wait(_PAUSE)
        raise BalancerError("HAProxy did not start within 10 seconds: see its message above")

    def _serve(self, ready: Callable[[], None]) -> None:
        lag = LoopLag()
        bridge = WsgiBridge(self._make_control, Capacity(self.settings.limits))
        nobody: Any = None  # no socket of the data plane is here: the balancer has them
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                self._loop = runner.get_loop()
                self._servers = ServerGroup(
                    Edge(nobody, {}, lag), bridge, [], self._addresses.control, lag
                )
                if not self._stopping.is_set():
                    runner.run(self._servers.run(ready))
        finally:
            self._loop = None
            bridge.close()

    def _make_control(self) -> Any:
        from adsmock.mockserver.control.application import flask_application  # noqa: PLC0415 -- brings Flask
        from adsmock.mockserver.control.event_stream import EventStreams  # noqa: PLC0415 -- as above
        from adsmock.mockserver.control.run_list import RunList  # noqa: PLC0415 -- as above
        from adsmock.mockserver.shards.control import JoinedControl  # noqa: PLC0415 -- as above
        from adsmock.mockserver.shards.orphans import CollectedOrphans  # noqa: PLC0415 -- as above

        joined = JoinedControl(
            self.shards,
            self._directory,
            CollectedOrphans(self.shards),
            EventStreams(),
            self._balancer.leads_to,
            RunList(TimeSource().monotonic),
        )
        settings = self.settings
        access = AccessRules(
            self.control_token, settings.control_hosts, settings.allow_remote_control
        )
        return flask_application(joined.answer, access, settings.limits)

    def _enter(self, shard: AnyShard) -> None:
        """Lead calls to the ports of a shard that has started, and to the sandboxes it has."""
        with self._directory.lock:
            rows = shard.control.call("sandboxes.list")["sandboxes"]
            self._balancer.move(shard.name, shard.where)
            self._directory.replace(shard.name, rows)
            shard.is_up = True

    def _keep(self, shard: AnyShard) -> None:
        """Start a shard again each time it ends."""
        delay = _FIRST_DELAY
        while True:
            ending = shard.wait()
            if self._stopping.wait(delay):
                return
            _say(ending)
            shard.start()
            try:
                shard.await_ready()
                self._enter(shard)
                delay = _FIRST_DELAY
            except (ShardError, ControlError, OSError) as error:
                _say(f"{error}")
                shard.stop()
                delay = min(2 * delay, _LONGEST_DELAY)

    def _keep_balancer(self) -> None:
        """Run HAProxy, and start it again each time it ends."""
        while True:
            code = self._balancer.run()
            if self._stopping.wait(_FIRST_DELAY):
                return
            _say(f"HAProxy ended with code {code}: it starts again")
            Thread(target=self._refill, name="adsmock-refill", daemon=True).start()

    def _refill(self) -> None:
        """Tell a new HAProxy what the old one knew."""
        self._await_balancer()
        with self._directory.lock:
            for shard in self.shards:
                self._balancer.move(shard.name, shard.where)
            self._directory.again()
            self._balancer.is_informed = True


def _say(line: str) -> None:
    sys.stderr.write(f"adsmock: {line}\n")
    sys.stderr.flush()
