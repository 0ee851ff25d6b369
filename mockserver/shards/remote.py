"""One shard that runs on another machine: it is found, watched and called, never started."""

from __future__ import annotations

import socket
from threading import Event
from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.control.client import ControlError, Unreachable
from adsmock.mockserver.core.clock import monotonic
from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.edge.addresses import ports_from
from adsmock.mockserver.shards.process import AnyShard, ShardError

_FIND_SECONDS = 60.0
_PAUSE = 0.2
_LOOK_SECONDS = 0.5
"""Time between two looks at whether the same process serves the shard."""


class RemoteShard(AnyShard):
    """The shard at ``place``: host, and first port of its ``adsmock serve --shard``."""

    def __init__(self, shard: Shard, place: tuple[str, int], control_token: str = "") -> None:
        super().__init__(shard, control_token)
        self._host, self._first = place
        self._identity: dict[str, Any] = {}
        self._pause = Event()

    @property
    def place(self) -> str:
        """Host and first port, as the user named them."""
        return f"{self._host}:{self._first}"

    def start(self) -> None:
        """Do nothing: its own machine starts it."""

    def await_ready(self) -> None:
        """Return when the shard answers, with its ports in ``where``.

        Raises:
            ShardError: it does not answer within a minute, or is another shard.
        """
        self._locate()
        found = self._find()
        shown = found and f"{found['number']}/{found['count']}"
        if shown != f"{self.shard.number}/{self.shard.count}":
            what = f"shard {shown}" if shown else "no shard"
            raise ShardError(self._advice(f"{what} is at {self.place}"))
        self._identity = found
        self.starts += 1

    def _find(self) -> dict[str, Any]:
        """Return what the process says that it is, as soon as it answers."""
        end = monotonic() + _FIND_SECONDS
        while True:
            try:
                self.control.call("sandboxes.list")  # unlike health it needs the token
                return self._look()
            except Unreachable:
                if monotonic() > end:
                    raise ShardError(self._advice("no mock answers there")) from None
                self._pause.wait(_PAUSE)
            except ControlError as error:
                raise ShardError(self._advice(str(error))) from None

    def wait(self) -> str:
        """Return when the shard does not answer, or was started again."""
        while self._is_same():
            self._pause.wait(_LOOK_SECONDS)
        self.is_up = False
        return f"shard {self.name} at {self.place} has ended: its next start is awaited"

    def stop(self) -> None:
        """Do nothing: its own machine ends it."""

    @property
    def pid(self) -> int:
        """The process id, on the shard's machine."""
        return int(self._identity.get("pid", 0))

    def _locate(self) -> None:
        """Look up the address again each time: a shard may come back with another one."""
        try:
            host = socket.gethostbyname(self._host)
        except OSError as error:
            raise ShardError(self._advice(f"{self._host}: {error.strerror}")) from None
        ports = ports_from(self._first, tuple(load().regions))
        self.where = {name: f"{host}:{port}" for name, port in ports.items()}

    def _look(self) -> dict[str, Any]:
        return dict(self.control.call("service.health").get("shard") or {})

    def _is_same(self) -> bool:
        try:
            return bool(self._identity) and self._look() == self._identity
        except ControlError:
            return False

    def _advice(self, problem: str) -> str:
        number, count = self.shard.number, self.shard.count
        return (
            f"shard {self.name} is not at {self.place} ({problem}): start it there with "
            f"'adsmock serve --shard {number}/{count} --host {self._host} --port {self._first} "
            "--allow-remote-control' and the same ADSMOCK_CONTROL_TOKEN"
        )
