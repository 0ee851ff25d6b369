"""One shard: a mock process of this installation, and calls to its control plane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from adsmock.mockserver.control.client import Control
from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.edge.addresses import CONTROL, LOOPBACK, MAIN

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0


class ShardError(RuntimeError):
    """A shard did not start; its own message is on stderr."""


class AnyShard(ABC):
    """A shard, wherever it runs. Its control plane asks for the token of the one of all shards."""

    def __init__(self, shard: Shard, control_token: str = "") -> None:
        self.control_token = control_token
        self.shard = shard
        self.name = shard.name
        self.starts = 0
        self.is_up = False
        """Whether it serves, and balancer and control plane know its ports and sandboxes."""
        self.where: dict[str, str] = {}
        """Host and port of each endpoint."""

    @abstractmethod
    def start(self) -> None:
        """Begin a start; ``await_ready`` waits for it."""

    @abstractmethod
    def await_ready(self) -> None:
        """Return when the shard serves, with its ports in ``where``.

        Raises:
            ShardError: it did not start within a minute.
        """

    @abstractmethod
    def wait(self) -> str:
        """Return how the shard ended, when it does."""

    @abstractmethod
    def stop(self) -> None:
        """End what this process has started."""

    @property
    @abstractmethod
    def pid(self) -> int:
        """The process id, on the shard's machine."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the control plane."""
        where = urlsplit("//" + self.where[CONTROL])
        return where.hostname or LOOPBACK, where.port or 0

    @property
    def control(self) -> Control:
        """Calls to the control plane."""
        return Control("http://" + self.where[CONTROL], self.control_token)

    def announcement(self) -> dict[str, Any]:
        """Return where the shard itself is; clients use the balancer instead."""
        return {
            "shard": self.name,
            "pid": self.pid,
            "control": self.control.url,
            "main": "http://" + self.where[MAIN],
        }

    def row(self, sandboxes: int) -> dict[str, Any]:
        """Return the state of the shard, as ``service.health`` shows it."""
        return {
            "shard": self.name,
            "state": "up" if self.is_up else "starting",
            "pid": self.pid,
            "starts": self.starts,
            "sandboxes": sandboxes,
        }


class ShardProcess(AnyShard):
    """A shard on free loopback ports of this machine, which can be started again.

    ``options`` are its options of ``adsmock serve``.
    """

    def __init__(
        self,
        shard: Shard,
        options: Sequence[str],
        reached_by: Mapping[str, str],
        control_token: str = "",
    ) -> None:
        super().__init__(shard, control_token)
        self._words = [
            *(sys.executable, "-m", "adsmock.mockserver", "serve", *options),
            *("--host", LOOPBACK, "--port", "0", "--announce", "json", "--until-eof"),
            *("--shard", f"{shard.number}/{shard.count}"),
            *("--reached-by", json.dumps(dict(reached_by))),
        ]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process; ``await_ready`` waits for it."""
        self.starts += 1
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            self._words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"ADSMOCK_CONTROL_TOKEN": self.control_token},
            start_new_session=True,  # ^C is for the parent, which stops all shards
        )

    def await_ready(self) -> None:
        """Return when the process serves, with its ports in ``where``.

        Raises:
            ShardError: it ended, or did not start within a minute.
        """
        process = self._running()
        assert process.stdout is not None
        limit = Timer(_START_SECONDS, process.kill)
        limit.start()
        try:
            line = process.stdout.readline()
        finally:
            limit.cancel()
        try:
            announced = json.loads(line)
        except ValueError:
            raise ShardError(f"shard {self.name} did not start") from None
        self.where = {name: f"{LOOPBACK}:{port}" for name, port in announced["ports"].items()}

    def wait(self) -> str:
        """Return how the process ended, when it does."""
        process = self._running()
        code = process.wait()
        self.is_up = False
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        return f"shard {self.name} ended with code {code}: it starts again"

    def stop(self) -> None:
        """Ask the process to end, and end it by force if it does not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running().pid

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the shard was never started"
        return self._process
