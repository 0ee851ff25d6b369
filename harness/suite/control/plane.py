"""The control plane's routes (``/_mock/v1``) as methods; one object serves one thread."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import quote

import msgspec
import orjson
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError, LocationValueError

from adsmock.harness.suite.control.kept_connection import KeptConnection

PREFIX = "/_mock/v1"
TIMEOUT = 30.0
"""Seconds: a control call takes milliseconds, so a longer wait means that no mock is there."""

PAGE = 1000

CONFLICT = 409
FIRST_PROBLEM = 400


class PlaneError(RuntimeError):
    """The control plane refused or could not be reached. ``status`` is 0 when unreachable."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Plane:
    """A running mock's control plane. Its token comes from ADSMOCK_CONTROL_TOKEN."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/").removesuffix(PREFIX)
        self._base = self.base + PREFIX
        # No proxy: a proxy of the environment must never see this machine's control plane.
        token = os.environ.get("ADSMOCK_CONTROL_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else None
        self._pool = PoolManager(retries=False, timeout=TIMEOUT, headers=headers)
        self._kept: KeptConnection | None = None

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
        if self._kept is not None:
            self._kept.close()

    def health(self) -> dict[str, Any]:
        """Return the mock's health and version."""
        return self._call("GET", "/health")

    def create_sandbox(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return a new sandbox: id, credentials, profiles, clock, URLs.

        Raises:
            PlaneError: status 409 when the id exists.
        """
        return self._call("POST", "/sandboxes", document)

    def sandboxes(self) -> list[dict[str, Any]]:
        """Return all sandboxes of the mock."""
        return list(self._call("GET", "/sandboxes")["sandboxes"])

    def put_run(self, run: str, report: dict[str, Any]) -> None:
        """Report a run's cases so far, for the mock's dashboard."""
        self._call("PUT", f"/runs/{quote(run, safe='')}", report)

    def delete_sandbox(self, sandbox: str) -> None:
        """Delete a sandbox with everything in it."""
        self._call("DELETE", _of(sandbox))

    def state(self, sandbox: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return all entities, by profile and resource."""
        return dict(self._call("GET", _of(sandbox, "state"))["profiles"])

    def add_state(self, sandbox: str, profiles: dict[str, Any]) -> dict[str, Any]:
        """Add entities, parents first; return their ids."""
        return self._call("PATCH", _of(sandbox, "state"), {"profiles": profiles})

    def send_messages(self, sandbox: str, queue: str, bodies: Sequence[str]) -> None:
        """Put messages into a queue of Marketing Stream."""
        self._call("POST", _of(sandbox, "stream/messages"), {"queue": queue, "bodies": bodies})

    def add_fault(self, sandbox: str, rule: dict[str, Any]) -> dict[str, Any]:
        """Add one rule to the fault plan and return it as the mock has it."""
        return self._call("POST", _of(sandbox, "faults"), rule)

    def faults(self, sandbox: str) -> list[dict[str, Any]]:
        """Return the fault plan with its matched and met counts."""
        answer = self._call("GET", _of(sandbox, "faults"))
        return list(answer["faults"])

    def play(self, sandbox: str, scenario: str, over: str = "") -> None:
        """Play a scenario from now on, for the duration ``over`` if it is set."""
        length = {"over": over} if over else {}
        self._call("POST", _of(sandbox, "scenario"), {"name": scenario, **length})

    def set_versions(self, sandbox: str, families: dict[str, dict[str, str]]) -> None:
        """Set the shut-off dates of API families in the sandbox."""
        self._call("PUT", _of(sandbox, "versions"), {"families": families})

    def open_listener(
        self, sandbox: str, flaw: str, region: str | None, kind: str = "tls"
    ) -> dict[str, Any]:
        """Return a new listener of a sandbox: its URL and the certificate to trust."""
        wanted = {"kind": kind, "flaw": flaw} | ({"region": region} if region else {})
        return self._call("POST", _of(sandbox, "listeners"), wanted)

    def now(self, sandbox: str) -> float:
        """Return the sandbox's time in seconds since 1970."""
        return self.advance(sandbox, 0.0)

    def advance(self, sandbox: str, seconds: float) -> float:
        """Move a sandbox's clock and return its new time in seconds since 1970."""
        answer = self._call("POST", _of(sandbox, "clock/advance"), {"seconds": seconds})
        return float(answer["nowSeconds"])

    def invent(self, sandbox: str, campaigns: int, profiles: Sequence[str] = ()) -> None:
        """Add realistic campaigns and all that belongs to them, by default to each profile."""
        body = {"campaigns": campaigns} | ({"profiles": list(profiles)} if profiles else {})
        self._call("POST", _of(sandbox, "state/invention"), body)

    def set_clock(self, sandbox: str, clock: dict[str, Any]) -> dict[str, Any]:
        """Set the clock of a sandbox and return it."""
        return self._call("PUT", _of(sandbox, "clock"), clock)

    def clear_faults(self, sandbox: str) -> None:
        """Delete the whole fault plan."""
        self._call("DELETE", _of(sandbox, "faults"))

    def journal(self, sandbox: str, after: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Return all entries after a sequence number, and the number of dropped entries."""
        return self._journal(_of(sandbox, "journal"), after)

    def follow(self, sandbox: str) -> Iterator[dict[str, Any] | None]:
        """Yield each entry when its call ends, and None about once a second, without end.

        The entries recorded so far come first. A stream ends after 25 seconds; this reconnects.

        Raises:
            PlaneError: the control plane refused or stopped.
        """
        cursor = "0"
        while True:
            for line in self._stream(_of(sandbox, "journal"), cursor):
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    cursor = value
                elif name == "data":
                    yield orjson.loads(value)
                elif line.startswith(b":"):
                    yield None

    def orphans(self) -> int:
        """Return the number of calls without a sandbox since the mock's start."""
        rows, dropped = self._journal("/journal/orphans")
        return len(rows) + dropped

    def _journal(self, path: str, cursor: Any = 0) -> tuple[list[dict[str, Any]], int]:
        rows: list[dict[str, Any]] = []
        while True:
            page = self._call("GET", f"{path}?cursor={cursor}&limit={PAGE}")
            rows += page["entries"]
            if len(page["entries"]) < PAGE:
                return rows, int(page["dropped"])
            cursor = page["next"]

    def _stream(self, path: str, cursor: str) -> Iterator[bytes]:
        """Yield the lines of one event stream, from the events after ``cursor``."""
        headers = {**self._pool.headers, "Accept": "text/event-stream", "Last-Event-ID": cursor}
        try:
            reply = self._pool.request(
                "GET", self._base + path, headers=headers, preload_content=False
            )
            if reply.status >= FIRST_PROBLEM:
                raise PlaneError(reply.status, f"GET {path}: {_problem(reply.status, reply.data)}")
            try:
                yield from reply
            finally:
                reply.close()
        except (HTTPError, LocationValueError, OSError) as error:
            raise self._unreachable(error) from None

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        try:
            if self._kept is None:
                self._kept = KeptConnection(self._base, self._pool.headers, TIMEOUT)
            written = b"" if body is None else json.dumps(body).encode()
            status, reply = self._kept.request(method, path, written)
        except (HTTPException, OSError, ValueError) as error:
            raise self._unreachable(error) from None
        return self._value(f"{method} {path}", status, reply)

    def _unreachable(self, error: Exception) -> PlaneError:
        return PlaneError(0, f"no control plane answers at {self._base} ({type(error).__name__})")

    def _value(self, call: str, status: int, body: bytes) -> dict[str, Any]:
        """Return the JSON object of a reply.

        Raises:
            PlaneError: it is a refusal, or not JSON.
        """
        if status >= FIRST_PROBLEM:
            raise PlaneError(status, f"{call}: {_problem(status, body)}")
        try:
            return cast("dict[str, Any]", _json(body) if body else {})
        except ValueError:
            raise PlaneError(
                status, f"the answer of {self._base} is not JSON: is it a control plane?"
            ) from None


def check_address(address: str) -> None:
    """Check that a control plane answers at a URL that a user typed.

    Raises:
        PlaneError: none does; the message is for the user.
    """
    if not address.startswith(("http://", "https://")):
        raise PlaneError(0, f"{address!r} is not a URL: write it like http://127.0.0.1:9090")
    plane = Plane(address)
    try:
        plane.health()
    except PlaneError as error:
        found = "this is not a control plane" if error.status else "nothing answers there"
        hint = "use the control plane URL that 'adsmock serve' prints"
        raise PlaneError(error.status, f"{address}: {found}: {hint}") from None
    finally:
        plane.close()


def _of(sandbox: str, part: str = "") -> str:
    path = f"/sandboxes/{quote(sandbox, safe='')}"
    return f"{path}/{part}" if part else path


def _json(body: bytes) -> Any:
    """Return a JSON value, integers of any size included; twice as fast as the standard library."""
    try:
        return msgspec.json.decode(body)
    except ValueError:  # a lone surrogate or 1e400, which a client sent and json accepts
        return json.loads(body)


def _problem(status: int, body: bytes) -> str:
    """Return the problem document in one line."""
    try:
        problem = json.loads(body)
        detail = problem.get("detail") or problem.get("title") or ""
        pointer = problem.get("pointer")
    except (ValueError, AttributeError):
        return f"status {status}"
    return f"{status} {detail}" + (f" at {pointer}" if pointer else "")
