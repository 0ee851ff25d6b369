"""``adsmock serve``: run the mock until it is told to stop.

Knows flags, the banner and signals. Must not know how the mock works.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from itertools import count
from typing import Any, cast, get_args

from adsmock.mockserver.core.journal import Mode as JournalMode

SUMMARY = "Run the mock of three regions until it is stopped."
EXAMPLES = """examples:
  adsmock serve                           ports 9080 to 9084, control plane on 9090
  adsmock serve --port 0 --announce json  free ports, told in one line of JSON
  adsmock serve --journal full            keep request and reply bodies too
  adsmock serve --tls                     the real host names too: TLS on 9085, a proxy on 9086
  adsmock serve --openapi extra.json      and what else that document describes, from its schemas"""

MEBIBYTE = 1 << 20
STDIN = 0
_PORTS = 65_535
# What a call leaves behind is kept for long and holds no cycles, so looking at it again and again
# is in vain: with one short generation that is frozen in time the collector's longest pause is
# half a millisecond; with wider generations one batch create in 5,000 waited 100 ms (measured).
_GC_THRESHOLDS = (2_000, 1_000, 1_000)
_GC_ROUNDS = 50
_SWITCH_SECONDS = 0.001
"""Time after which the thread that makes a file yields to the event loop."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``serve``."""
    add_mock_flags(parser, port=9080)
    parser.add_argument(
        "--announce",
        choices=("human", "json"),
        default="human",
        help="how to say where everything is (json: one line, then silence)",
    )
    parser.add_argument(
        "--until-eof",
        action="store_true",
        help="stop when standard input ends too: with whoever holds its other end",
    )
    parser.add_argument(
        "--tls",
        action="store_true",
        help="serve the real host names too, with certificates of a local authority, and a proxy",
    )


def add_mock_flags(parser: argparse.ArgumentParser, *, port: int) -> None:
    """Add the flags that describe a mock; ``port`` is the default first port."""
    add = parser.add_argument
    add("--host", type=_host, default="127.0.0.1", help="address of the data ports (%(default)s)")
    add("--port", type=_port, default=port, help="first port; 0: free ones (%(default)s)")
    add("--control-port", type=_port, default=None, help="control plane's port (port + 10)")
    add("--seed", type=int, default=0, help="makes everything minted repeatable (%(default)s)")
    add(
        "--journal",
        choices=get_args(JournalMode),
        default="lean",
        help="what is kept of each call (%(default)s)",
    )
    add(
        "--max-body",
        type=_size,
        default=16 * MEBIBYTE,
        metavar="BYTES",
        help="larger request bodies are refused with 413 (16 MiB)",
    )
    add(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="serve what this OpenAPI document (3.0, 3.1) describes and nothing else covers; "
        "repeatable",
    )
    add("--snapshot-dir", default=None, metavar="DIR", help="where snapshots are written")
    add(
        "--allow-remote-control",
        action="store_true",
        help="let the control plane listen on --host too, instead of on loopback alone",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; return 0, or 2 when a port cannot be had."""
    gc.disable()  # whatever the start makes stays: to look for what does not costs 60 ms of CPU
    mock = make_mock(arguments)
    gc.enable()
    if mock is None:
        return 2
    sys.setswitchinterval(_SWITCH_SECONDS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: mock.stop())
    if arguments.until_eof:
        threading.Thread(target=stop_at_eof, args=(mock,), daemon=True).start()

    def ready() -> None:
        keep_pauses_short()
        line = json.dumps(mock.announcement(), separators=(",", ":"))
        sys.stdout.write((line if arguments.announce == "json" else banner(mock)) + "\n")
        sys.stdout.flush()

    mock.run(ready)
    return 0


def stop_at_eof(mock: Any) -> None:
    """Stop a mock when standard input ends.

    Read below ``sys.stdin``: a thread that waits in there holds a lock that the interpreter wants
    at its end.
    """
    with suppress(OSError):  # there may be no standard input at all
        while os.read(STDIN, MEBIBYTE):
            pass
    mock.stop()


def keep_pauses_short() -> None:
    """Have the collector look at young objects alone, and let the others be.

    What the start made is not looked at even once: that took a tenth of its time (measured).
    """
    rounds = count(1)

    def after(phase: str, _: dict[str, int]) -> None:
        if phase == "stop" and next(rounds) % _GC_ROUNDS == 0:
            gc.freeze()

    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    gc.callbacks.append(after)


def make_mock(arguments: argparse.Namespace) -> Any:
    """Return the mock that the flags describe, or None after saying why there is none."""
    from adsmock.mockserver.app import Mock, Settings  # noqa: PLC0415 -- help needs no server
    from adsmock.mockserver.edge.servers import PortBusy  # noqa: PLC0415 -- as above
    from adsmock.mockserver.edge.tls import MISSING, is_available  # noqa: PLC0415 -- as above

    settings = Settings(
        host=arguments.host,
        port=arguments.port,
        control_port=arguments.control_port,
        seed=arguments.seed,
        journal=cast("JournalMode", arguments.journal),
        max_body=arguments.max_body,
        snapshot_dir=arguments.snapshot_dir,
        allow_remote_control=arguments.allow_remote_control,
        tls=arguments.tls,
        openapi=tuple(arguments.openapi),
    )
    if settings.tls and not is_available():
        sys.stderr.write(f"adsmock: {MISSING}\n")
        return None
    try:
        return Mock(settings)
    except PortBusy as busy:
        sys.stderr.write(f"adsmock: {busy}; choose others with --port (0: free ones)\n")
    except _misread(settings.openapi) as error:
        sys.stderr.write(f"adsmock: {error}\n")
    return None


def _misread(documents: tuple[str, ...]) -> tuple[type[Exception], ...]:
    """Return what is raised for files that cannot be served; without documents, for contracts."""
    from adsmock.contracts.loader import ContractError  # noqa: PLC0415 -- help needs no server

    if not documents:
        return (ContractError,)
    from adsmock.mockserver.services.generic.document import DocumentError  # noqa: PLC0415 -- an option

    return ContractError, DocumentError


def banner(mock: Any) -> str:
    """Return what a person wants to know of a running mock."""
    credentials = mock.default.credentials
    rows = [f"adsmock {mock.announcement()['version']} is ready", ""]
    rows += [f"  {region}       {urls['ads']}" for region, urls in mock.urls.items()]
    rows += [
        f"  all      {mock.main_url}  (by Host header, or prefix /na /eu /fe)",
        f"  storage  {mock.storage_url}",
        f"  control  {mock.control_url}",
        *(f"  {name:<8} {where}" for name, where in mock.secure.items()),
        "",
        f"  token    POST {mock.main_url}/auth/o2/token",
        f"  client   {credentials.client_id}",
        f"  secret   {credentials.client_secret}",
        f"  refresh  {credentials.refresh_token}",
    ]
    rows += [
        f"  profile  {profile.id}  {profile.region} {profile.country} {profile.kind}"
        for profile in mock.default.profiles.values()
    ]
    return "\n".join([*rows, "", "Stop with Ctrl+C."])


def _host(text: str) -> str:
    if not text.strip():  # an empty one would be every address of the machine
        raise argparse.ArgumentTypeError("is empty; every address is written 0.0.0.0")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; they go from 0 to {_PORTS}")
    return int(text)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of bytes of at least 1")
    return int(text)
