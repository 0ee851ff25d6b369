"""``adsmock serve``: run the mock until a signal stops it."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from adsmock.cli.options import more_options
from adsmock.mockserver.command.initial_state import add_state_flags, apply, control_calls
from adsmock.mockserver.command.limit_options import add_limit_options, limits_of, read_size
from adsmock.mockserver.command.process_options import add_process_options, check_process_options
from adsmock.mockserver.command.push_options import (
    add_push_options,
    check_push_options,
    push_targets,
)
from adsmock.mockserver.control.client import ControlError, shown_url
from adsmock.mockserver.core.journal import Mode as JournalMode
from adsmock.mockserver.core.push import PushTargets
from adsmock.mockserver.core.shard import Shard

if TYPE_CHECKING:
    from adsmock.mockserver.app import Settings

SUMMARY = "Run the mock until it is stopped."
WORKFLOW = "run"
EXAMPLES = """examples:
  adsmock serve                           ports 9080 to 9084, control plane on 9090
  adsmock serve --invent 20 --scenario throttle-storm   data and faults from the start
  adsmock serve --port 0 --announce json  free ports, announced in one line of JSON
  adsmock serve --journal full            record request and reply bodies too
  adsmock serve --tls                     also Amazon's host names: TLS on 9085, proxy on 9086
  adsmock serve --openapi extra.json      also serve the operations of an OpenAPI document
  adsmock serve --config adsmock.toml     start with the sandboxes that a file describes
  adsmock serve --data-dir data           keep all state over a restart, or a kill
  adsmock serve --max-body 1048576        refuse bodies above 1 MiB with 413
  adsmock serve --stream-webhook http://127.0.0.1:8000/   Marketing Stream as signed POSTs
  adsmock serve --shards 4                use four cores: four processes behind HAProxy
  adsmock serve --shard-at a --shard-at b  use machines a and b: a shard runs on each"""

MEBIBYTE = 1 << 20
STDIN = 0
_PORTS = 65_535
_USAGE = 2
_TOKEN_LENGTH = 16
# Calls leave long-lived objects without cycles, so repeated garbage collection of them is useless.
# With short generations that are frozen regularly the longest pause is half a millisecond; with
# longer ones, one batch create in 5,000 waited 100 ms (measured).
_GC_THRESHOLDS = (2_000, 1_000, 1_000)
_GC_ROUNDS = 50
_SWITCH_SECONDS = 0.001
"""Time after which the thread that makes a file yields to the event loop."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``serve``."""
    add_mock_flags(parser, port=9080)
    parser.add_argument("--config", type=Path, metavar="FILE", help="a file of 'adsmock apply'")
    parser.add_argument(
        "--tls", action="store_true", help="also Amazon's host names over TLS, and a proxy"
    )
    parser.add_argument(
        "--announce",
        choices=("human", "json"),
        default="human",
        help="the start message (json: one line, then no output)",
    )
    more = more_options(parser)
    more(
        "--until-eof",
        action="store_true",
        help="also stop when standard input ends, with the process at its other end",
    )
    add_process_options(more)


def add_mock_flags(parser: argparse.ArgumentParser, *, port: int) -> None:
    """Add the options of a mock; ``port`` is the default first port."""
    add = parser.add_argument
    add("--port", type=_port, default=port, help="first port; 0: free ports (%(default)s)")
    add("--seed", type=int, default=0, help="seed of ids and random values (%(default)s)")
    add(
        "--journal",
        choices=get_args(JournalMode),
        default="lean",
        help="what is recorded of each call (%(default)s)",
    )
    add_state_flags(add)
    add("--data-dir", metavar="DIR", help="keep all state here over a restart")
    add(
        "--openapi",
        action="append",
        default=[],
        metavar="FILE",
        help="serve more operations; repeatable",
    )
    more = more_options(parser)
    more("--host", type=_host, default="127.0.0.1", help="address of the data ports (%(default)s)")
    more("--control-port", type=_port, default=None, help="port of the control plane (port + 10)")
    more(
        "--keep-journal",
        type=read_size,
        default=0,
        metavar="BYTES",
        help="with --data-dir: keep this much of the journals too (nothing)",
    )
    more("--snapshot-dir", metavar="DIR", help="folder for snapshots (default: in memory)")
    add_push_options(more)
    _add_control_flags(more)
    add_limit_options(parser)


def _add_control_flags(add: Callable[..., Any]) -> None:
    """Add the options that say who may call the control plane."""
    add(
        "--allow-remote-control",
        action="store_true",
        help="let the control plane listen on --host, instead of loopback only; callers need a "
        "token",
    )
    add(
        "--control-token",
        type=_token,
        default=os.environ.get("ADSMOCK_CONTROL_TOKEN", ""),
        metavar="TOKEN",
        help="token that callers of the control plane must send (ADSMOCK_CONTROL_TOKEN; with "
        "--allow-remote-control, else generated and printed once)",
    )
    add(
        "--control-host",
        action="append",
        default=[],
        metavar="NAME",
        help="host name by which the control plane may be called; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; return 0, or 2 if the mock cannot start."""
    arguments.is_filled = arguments.data_dir is not None and Path(arguments.data_dir).exists()
    problem = check_process_options(arguments)
    if problem:
        sys.stderr.write(f"adsmock: {problem}\n")
        return _USAGE
    if arguments.shards is not None or arguments.shard_at:
        return run_shards(arguments)
    gc.disable()  # objects of the start stay: collecting garbage would cost 60 ms of CPU
    mock = make_mock(arguments)
    gc.enable()
    if mock is None:
        return _USAGE
    if not _fill(lambda: mock.in_process_control, arguments):
        mock.close()
        return _USAGE
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
        profiles = (each.profiles.values() for each in mock.runtime.sandboxes.all())
        countries = [profile.country for row in profiles for profile in row]
        threading.Thread(target=load_names, args=(countries,), daemon=True).start()

    mock.run(ready)
    return 0


def run_shards(arguments: argparse.Namespace) -> int:
    """Serve in several processes until a signal; return the exit code."""
    from adsmock.mockserver.command import serve_shards  # noqa: PLC0415 -- an option

    def when_ready(installation: Any) -> bool:
        if not _fill(lambda: installation.control, arguments):
            return False
        show = serve_shards.as_json if arguments.announce == "json" else serve_shards.shown
        sys.stdout.write(show(installation) + "\n")
        sys.stdout.flush()
        if arguments.until_eof:
            stop_at_eof(installation)
        return True

    return serve_shards.run(arguments, configure, when_ready)


def _fill(make_control: Callable[[], Any], arguments: argparse.Namespace) -> bool:
    """Bring a mock to its start state; return whether it worked, else print the reason.

    A data directory that existed has its state already; a configuration file describes a target.
    """
    if arguments.config is not None and not apply_file(arguments.config, make_control()):
        return False
    try:
        calls = control_calls(arguments)
        if calls and not arguments.is_filled:
            apply(calls, make_control())
    except ControlError as error:
        sys.stderr.write(f"adsmock: the start state was refused: {error}\n")
        return False
    return True


def apply_file(path: Path, control: Any) -> bool:
    """Make a mock fit a configuration file; return whether it worked, else print the reason."""
    from adsmock.mockserver.control.configuration.file import read  # noqa: PLC0415 -- an option
    from adsmock.mockserver.control.configuration.plan import plan  # noqa: PLC0415 -- as above

    try:
        for step in plan(read(path), control):
            step.apply(control)
    except (ControlError, ValueError) as error:
        sys.stderr.write(f"adsmock: {error}\n")
        return False
    return True


def load_names(countries: list[str]) -> None:
    """Load what the names of accounts need, or the first call with one holds the loop for 90 ms."""
    from adsmock.mockserver.services.sandboxes import identities  # noqa: PLC0415 -- help needs none

    identities.load_names(countries)


def stop_at_eof(mock: Any) -> None:
    """Stop a mock when standard input ends.

    It reads the file descriptor: a thread that waits in ``sys.stdin`` holds a lock that the
    interpreter needs at exit.
    """
    with suppress(OSError):  # standard input may be closed
        while os.read(STDIN, MEBIBYTE):
            pass
    mock.stop()


def keep_pauses_short() -> None:
    """Configure the garbage collector for short pauses: it examines only young objects.

    Objects of the start are never examined: that took a tenth of the start's time (measured).
    """
    rounds = count(1)

    def after(phase: str, _: dict[str, int]) -> None:
        if phase == "stop" and next(rounds) % _GC_ROUNDS == 0:
            gc.freeze()

    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    gc.callbacks.append(after)


def make_mock(arguments: argparse.Namespace) -> Any:
    """Return the mock that the options describe, or None after printing an error."""
    from adsmock.mockserver.app import Mock  # noqa: PLC0415 -- help needs no server
    from adsmock.mockserver.edge.servers import PortBusy  # noqa: PLC0415 -- as above
    from adsmock.mockserver.edge.tls import MISSING, is_available  # noqa: PLC0415 -- as above
    from adsmock.mockserver.services.durable import DataError  # noqa: PLC0415 -- as above

    settings = _settings_of(arguments)
    problem = "" if is_available() or not settings.tls else MISSING
    problem = problem or check_push_options(settings.push)
    if problem:
        sys.stderr.write(f"adsmock: {problem}\n")
        return None
    try:
        return Mock(settings)
    except DataError as error:
        sys.stderr.write(f"adsmock: {error}\n")
    except PortBusy as busy:
        sys.stderr.write(f"adsmock: {busy}: choose other ports with --port (0: free ports)\n")
    except _document_errors(settings.openapi) as error:
        sys.stderr.write(f"adsmock: {error}\n")
    return None


def _settings_of(arguments: argparse.Namespace) -> Settings:
    from adsmock.mockserver.app import Settings  # noqa: PLC0415 -- help needs no server

    return Settings(
        host=arguments.host,
        port=arguments.port,
        control_port=arguments.control_port,
        seed=arguments.seed,
        journal=cast("JournalMode", arguments.journal),
        limits=limits_of(arguments),
        snapshot_dir=arguments.snapshot_dir,
        data_dir=arguments.data_dir,
        keep_journal=arguments.keep_journal,
        allow_remote_control=arguments.allow_remote_control,
        control_token=arguments.control_token,
        control_hosts=tuple(arguments.control_host),
        tls=arguments.tls,
        openapi=tuple(arguments.openapi),
        reached_by=getattr(arguments, "reached_by", None) or {},
        push=push_targets(arguments),
        shard=getattr(arguments, "shard", None) or Shard(),
    )


def _document_errors(documents: tuple[str, ...]) -> tuple[type[Exception], ...]:
    """Return the exceptions of invalid files: contracts, and with documents also documents."""
    from adsmock.contracts.loader import ContractError  # noqa: PLC0415 -- help needs no server

    if not documents:
        return (ContractError,)
    from adsmock.mockserver.services.generic.document import DocumentError  # noqa: PLC0415 -- an option

    return ContractError, DocumentError


def banner(mock: Any) -> str:
    """Return the start message for people."""
    rows = [f"adsmock {mock.announcement()['version']} is ready", ""]
    rows += [f"  {region}       {urls['ads']}" for region, urls in mock.urls.items()]
    rows += [
        f"  all      {mock.main_url}  (by Host header, or prefix /na /eu /fe)",
        f"  storage  {mock.storage_url}",
        f"  aws      {mock.aws_url}  (SQS, SNS and S3 of Marketing Stream)",
        f"  control  {shown_url(mock.control_url)}",
        *([f"  control token  {mock.control_token}"] if mock.control_token else []),
        *_push_rows(mock.settings.push),
        *(f"  {name:<8} {where}" for name, where in mock.secure.items()),
        "",
        f"  token    POST {mock.main_url}/auth/o2/token",
    ]
    if mock.has_default:
        rows += _default_rows(mock.default)
    return "\n".join([*rows, "", "Stop with Ctrl+C."])


def _push_rows(targets: PushTargets) -> list[str]:
    rows = [f"  {service:<8} {url}" for service, url in sorted(targets.endpoints.items())]
    if targets.webhook:
        rows += [f"  webhook  {targets.webhook}", f"  webhook secret  {targets.secret}"]
    return rows


def _default_rows(sandbox: Any) -> list[str]:
    credentials = sandbox.credentials
    return [
        f"  client   {credentials.client_id}",
        f"  secret   {credentials.client_secret}",
        f"  refresh  {credentials.refresh_token}",
        *(
            f"  profile  {profile.id}  {profile.region} {profile.country} {profile.kind}"
            for profile in sandbox.profiles.values()
        ),
    ]


def _host(text: str) -> str:
    if not text.strip():  # an empty host would mean all addresses
        raise argparse.ArgumentTypeError("is empty: use an address, or 0.0.0.0 for all addresses")
    return text


def _token(text: str) -> str:
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if text and (len(text) < _TOKEN_LENGTH or not is_plain):
        raise argparse.ArgumentTypeError(
            f"is not a token: use at least {_TOKEN_LENGTH} printable characters without spaces"
        )
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: use 0 to {_PORTS}")
    return int(text)
