"""The work of ``adsmock twin``: both sides, the plan, the reports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from adsmock.contracts.bounded_file import JSON_BYTES, BoundError, parse_json, read_text
from adsmock.contracts.loader import load
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.transport import RequestsTransport
from adsmock.harness.command.drift_summary import exit_code, lines
from adsmock.harness.command.failure import UsageError
from adsmock.harness.fidelity import compare
from adsmock.harness.fidelity.report import CaptureFacts, write
from adsmock.harness.fidelity.twin import Budget, Side, Twins, read_plan, run
from adsmock.harness.fidelity.twin.run import MINUTE
from adsmock.harness.fidelity.twin.side import SideError
from adsmock.harness.suite.control import Plane, Server

SANDBOX = "twin"
CAMPAIGNS = 60
"""Enough for pages, and for "always" and "never" to mean something."""

LINE_SECONDS = 10.0
"""Fewest seconds between two lines of progress, where stderr is no terminal."""

INCOMPLETE = 3
_CREDENTIALS = ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")


def twin(arguments: argparse.Namespace) -> int:
    """Compare the service with a mock of this machine; return the exit code.

    Raises:
        UsageError: upstream calls are not allowed, or a credential is missing.
    """
    if not arguments.allow_upstream:
        raise UsageError(
            "twin sends calls to Amazon's hosts: add --allow-upstream to allow them, or try it "
            "with 'adsmock exec --invent 20 -- adsmock twin --allow-upstream'"
        )
    if arguments.calls < 1 or arguments.per_minute < 1:
        raise UsageError("--calls and --per-minute must be at least 1")
    clock = SystemClock()
    service = _service(arguments, clock)
    with mock_side(arguments.region, arguments.seed, arguments.sandbox, clock) as mock:
        twins = Twins(service, mock, clock, Budget(arguments.calls, arguments.per_minute))
        plan = read_plan()
        steps = _Steps(len(plan), clock.now, sys.stderr)
        steps.announce(arguments.calls, arguments.per_minute)
        try:
            found = run(plan, twins, steps.show)
        except (SideError, TransportError) as error:
            steps.end()
            sys.stderr.write(f"adsmock twin: nothing was compared: {error}\n")
            return INCOMPLETE
        steps.end()
    result = compare(found.pairs, found.unchecked)
    source = f"{service.ads.removeprefix('https://')} and adsmock"
    capture = CaptureFacts.of("twin", source, clock.now(), found.pairs)
    document = write(result, capture, arguments.report_dir)
    for line in lines(document, arguments.report_dir):
        sys.stdout.write(line + "\n")
    return exit_code(document)


def _service(arguments: argparse.Namespace, clock: SystemClock) -> Side:
    """Return Amazon's side, with the credentials of the environment."""
    missing = [name for name in _CREDENTIALS if not os.environ.get(name)]
    profile = arguments.profile or os.environ.get("PROFILE_ID", "")
    if missing or not profile:
        names = ", ".join([*missing, *([] if profile else ["PROFILE_ID (or --profile)"])])
        raise UsageError(f"{names} not set: set the credentials of your application")
    region = load().regions[arguments.region]
    client, secret, refresh = (os.environ[name] for name in _CREDENTIALS)
    return Side(
        "service",
        f"https://{region.ads_host}",
        f"https://{region.lwa_host}",
        client,
        secret,
        refresh,
        profile,
        RequestsTransport(trust_environment=True, clock=clock),
        clock,
    )


@contextmanager
def mock_side(region: str, seed: int, sandbox: Path | None, clock: SystemClock) -> Iterator[Side]:
    """Yield a mock with invented campaigns as a side, and stop it at the end.

    Raises:
        UsageError: the sandbox file is unusable.
        ServerError: the mock did not start.
    """
    wanted = {"id": SANDBOX, "seed": seed} | _document(sandbox)
    with Server.started() as server:
        plane = Plane(server.control)
        try:
            made = plane.create_sandbox(wanted)
            plane.invent(SANDBOX, CAMPAIGNS)
            yield _mock(made, region, clock)
        finally:
            plane.close()


def _mock(made: dict[str, Any], region: str, clock: SystemClock) -> Side:
    profile = next((row for row in made["profiles"] if row["region"] == region), None)
    if profile is None:
        raise UsageError(f"the sandbox has no profile in {region}: add one to --sandbox")
    client = made["client"]
    urls = made["urls"][region]
    return Side(
        "mock",
        urls["ads"],
        urls["lwa"],
        client["clientId"],
        client["clientSecret"],
        client["refreshToken"],
        profile["profileId"],
        RequestsTransport(clock=clock),
        clock,
    )


def _document(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        value = parse_json(read_text(path, JSON_BYTES))
    except BoundError as error:
        raise UsageError(f"{path} is {error}: use members of sandboxes.create") from None
    if not isinstance(value, dict):
        raise UsageError(f"{path} is not a JSON object: use members of sandboxes.create")
    return value


class _Steps:
    """The progress of a plan on stderr: one line on a terminal, else a line now and then.

    Args:
        total: how many steps the plan has.
        now: returns the present in seconds.
        out: where to write.
    """

    def __init__(self, total: int, now: Callable[[], float], out: TextIO) -> None:
        self._total = total
        self._now = now
        self._out = out
        self._begun = 0
        self._started = self._shown = now()

    def announce(self, calls: int, per_minute: int) -> None:
        """Write how many steps there are, and how long they take with the budget of calls."""
        seconds = min(self._total, calls) * MINUTE / per_minute
        self._out.write(
            f"{self._total} steps on each side, at most {per_minute} calls a minute: "
            f"at least {seconds:.0f} s\n"
        )
        self._out.flush()

    def show(self, step: str) -> None:
        """Take a step that begins."""
        self._begun += 1
        now = self._now()
        line = f"step {self._begun} of {self._total}: {step}"
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{line}")
        elif now - self._shown >= LINE_SECONDS:
            self._shown = now
            self._out.write(f"{line}, after {now - self._started:.0f} s\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line of a terminal empty for what follows."""
        if self._out.isatty():
            self._out.write("\r\x1b[K")
            self._out.flush()
