"""HAProxy as a child process, and the changes it takes while it runs."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event

from adsmock.mockserver.shards.haproxy import MAPS, UNAVAILABLE, configuration

INSTALL = (
    "install it with 'apt-get install haproxy' (Debian, Ubuntu) or 'brew install haproxy' (macOS)"
)
_STOP_SECONDS = 5.0
_ANSWER_SECONDS = 10.0
_PIECE = 65_536
_TRIES, _PAUSE = 20, 0.05
_RUNNING, _NOT_DRAINED = "2", "0"
"""States of a server that gets calls. Source: HAProxy management guide, "show servers state"."""


class BalancerError(RuntimeError):
    """HAProxy is missing, or refused its configuration or a change."""


def executable() -> str:
    """Return the path of HAProxy.

    Raises:
        BalancerError: it is not installed.
    """
    found = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise BalancerError(f"--shards needs HAProxy, which is not on PATH: {INSTALL}")
    return found


class Balancer:
    """One HAProxy. ``sockets`` are the listening sockets of each endpoint, which it inherits.

    ``folder`` is for its files. ``run`` starts it and returns when it ends.
    """

    def __init__(self, folder: Path, sockets: Mapping[str, socket.socket]) -> None:
        self._folder = folder
        self._sockets = dict(sockets)
        self._program = executable()
        self._process: subprocess.Popen[bytes] | None = None
        self.is_informed = False
        """Whether it knows every shard and sandbox. A new process knows what ``write`` wrote."""

    def write(self, shards: Mapping[str, Mapping[str, str]], maps: Mapping[str, str]) -> Path:
        """Write all files and return the path of the configuration.

        Args:
            shards: host and port of each endpoint, by the name of the shard.
            maps: lines of the maps, by name; the others are empty.

        Raises:
            BalancerError: HAProxy refuses the configuration.
        """
        for name in MAPS:
            (self._folder / f"{name}.map").write_text(maps.get(name, ""), encoding="utf-8")
        (self._folder / "503.http").write_bytes(UNAVAILABLE)
        binds = {name: [f"fd@{each.fileno()}"] for name, each in self._sockets.items()}
        path = self._folder / "haproxy.cfg"
        path.write_text(configuration(self._folder, binds, shards), encoding="utf-8")
        self._check(path)
        return path

    def _check(self, path: Path) -> None:
        done = subprocess.run(  # noqa: S603 -- our own file
            [self._program, "-c", "-q", "-f", str(path)],
            capture_output=True,
            text=True,
            check=False,
            pass_fds=self._fds(),
        )
        if done.returncode:
            raise BalancerError(f"HAProxy refused its configuration: {done.stderr.strip()}")

    def run(self) -> int:
        """Start HAProxy and return its exit code when it ends."""
        words = [self._program, "-db", "-f", str(self._folder / "haproxy.cfg")]
        if shutil.which("setpriv"):  # it ends with this process, however that ends
            words = ["setpriv", "--pdeathsig", "TERM", "--", *words]
        (self._folder / "admin.sock").unlink(missing_ok=True)
        with subprocess.Popen(words, pass_fds=self._fds(), stdin=subprocess.DEVNULL) as process:  # noqa: S603 -- constant words
            self._process = process
            try:
                return process.wait()
            finally:
                self.is_informed = False

    @property
    def pid(self) -> int:
        """The process id; 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def is_ready(self) -> bool:
        """Say whether it takes changes."""
        try:
            return bool(self._ask("show info"))
        except OSError:
            return False

    def stop(self) -> None:
        """End the process."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def leads_to(self, shard: str, where: Mapping[str, str]) -> bool:
        """Say whether calls reach a shard at ``where``: its host and port by endpoint."""
        if not self.is_informed:
            return False
        try:
            servers = self._servers()
        except OSError:
            return False
        return all(
            servers.get((f"to-{endpoint}", shard)) == where[endpoint] for endpoint in self._sockets
        )

    def _servers(self) -> dict[tuple[str, str], str]:
        """Return host and port of the servers that run, by backend and name."""
        _, head, *rows = self._ask("show servers state").splitlines()
        names = head.lstrip("# ").split()
        found = (dict(zip(names, row.split(), strict=False)) for row in rows)
        return {
            (row["be_name"], row["srv_name"]): f"{row['srv_addr']}:{row['srv_port']}"
            for row in found
            if (row["srv_op_state"], row["srv_admin_state"]) == (_RUNNING, _NOT_DRAINED)
        }

    def move(self, shard: str, where: Mapping[str, str]) -> None:
        """Send the calls of a shard to other ports; ``where`` are host and port by endpoint."""
        for endpoint in self._sockets:
            host, _, port = where[endpoint].rpartition(":")
            server = f"to-{endpoint}/{shard}"
            self._change([f"set server {server} addr {host} port {port}"])

    def add(self, name: str, keys: Iterable[str], shard: str) -> None:
        """Add keys to a map; a key that is there gets the new shard."""
        path = self._folder / f"{name}.map"
        for key in keys:
            self._change([f"del map {path} {key}", f"add map {path} {key} {shard}"])

    def remove(self, name: str, keys: Iterable[str]) -> None:
        """Remove keys from a map."""
        path = self._folder / f"{name}.map"
        self._change([f"del map {path} {key}" for key in keys])

    def _change(self, commands: list[str]) -> None:
        """Send commands; a process that has ended gets everything when it starts again.

        Raises:
            OSError: HAProxy runs and does not answer.
        """
        for command in commands:
            for left in reversed(range(_TRIES)):
                try:
                    self._ask(command)
                    break
                except OSError:
                    if not self.is_informed:
                        break
                    if not left:
                        raise
                    Event().wait(_PAUSE)

    def _ask(self, command: str) -> str:
        """Send one command to the administration socket and return the answer.

        Raises:
            OSError: HAProxy does not answer.
        """
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_ANSWER_SECONDS)
            line.connect(str(self._folder / "admin.sock"))
            line.sendall(command.encode() + b"\n")
            parts = []
            while piece := line.recv(_PIECE):
                parts.append(piece)
        return b"".join(parts).decode("utf-8", "replace").strip()

    def _fds(self) -> tuple[int, ...]:
        return tuple(each.fileno() for each in self._sockets.values())
