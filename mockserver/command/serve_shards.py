"""``adsmock serve --shards N``: several processes behind HAProxy."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adsmock.mockserver.command.limit_options import MEMBERS, limits_of
from adsmock.mockserver.control.client import shown_url

_UNUSABLE = 2
_OWN = frozenset(
    {
        "allow_remote_control",
        "announce",
        "config",
        "control_host",
        "control_port",
        "control_token",
        "host",
        "invent",
        "over",
        "port",
        "public_url",
        "reached_by",
        "scenario",
        "shard",
        "shard_at",
        "shards",
        "state",
        "tls",
        "until_eof",
    }
)
"""Options of the installation; shards get all others."""

_OF_EACH = frozenset({"data_dir"})
"""Folders of which each shard has its own part."""


def run(
    arguments: argparse.Namespace,
    configure: Callable[[argparse.ArgumentParser], None],
    when_ready: Callable[[Any], bool],
) -> int:
    """Serve until SIGINT or SIGTERM; return 0, 1 if a process did not start, 2 for unusable input.

    ``configure`` adds the options of ``serve``. ``when_ready`` gets the installation and returns
    whether it may go on.
    """
    from adsmock.mockserver.shards.balancer import BalancerError  # noqa: PLC0415 -- help needs no server
    from adsmock.mockserver.shards.process import ShardError  # noqa: PLC0415 -- as above

    installation = _make(arguments, configure)
    if installation is None:
        return _UNUSABLE
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: installation.stop())
    outcome: list[bool] = []

    def announce() -> None:
        outcome.append(when_ready(installation))
        if not outcome[0]:
            installation.stop()

    def ready() -> None:
        # The control plane answers on this thread, so its callers need another one.
        threading.Thread(target=announce, daemon=True).start()

    try:
        installation.run(ready)
    except (ShardError, BalancerError) as error:
        sys.stderr.write(f"adsmock: {error}\n")
        return 1
    return 0 if all(outcome) else _UNUSABLE


def _make(
    arguments: argparse.Namespace, configure: Callable[[argparse.ArgumentParser], None]
) -> Any:
    """Return the installation that the options describe, or None after printing an error."""
    from adsmock.mockserver.edge.servers import PortBusy  # noqa: PLC0415 -- help needs no server
    from adsmock.mockserver.shards.balancer import BalancerError  # noqa: PLC0415 -- as above
    from adsmock.mockserver.shards.installation import Installation, ShardSettings  # noqa: PLC0415 -- as above

    if arguments.tls:
        sys.stderr.write("adsmock: --tls needs a single process: leave out --shards or --tls\n")
        return None
    elsewhere = options_of(arguments, configure, 1, without=MEMBERS) if arguments.shard_at else []
    if elsewhere:
        sys.stderr.write(
            f"adsmock: {elsewhere[0]} is an option of the shards: give it to 'adsmock serve "
            "--shard' on their machines\n"
        )
        return None
    settings = ShardSettings(
        len(arguments.shard_at) or arguments.shards,
        lambda number: options_of(arguments, configure, number),
        arguments.host,
        arguments.port,
        arguments.control_port,
        arguments.allow_remote_control,
        arguments.reached_by,
        limits_of(arguments),
        arguments.control_token,
        tuple(arguments.control_host),
        tuple(arguments.shard_at),
    )
    try:
        return Installation(settings)
    except PortBusy as busy:
        sys.stderr.write(f"adsmock: {busy}: choose other ports with --port (0: free ports)\n")
    except BalancerError as error:
        sys.stderr.write(f"adsmock: {error}\n")
    return None


def options_of(
    arguments: argparse.Namespace,
    configure: Callable[[argparse.ArgumentParser], None],
    number: int,
    without: frozenset[str] = frozenset(),
) -> list[str]:
    """Return the options of one shard: those that differ from their defaults, as words."""
    parser = argparse.ArgumentParser(add_help=False)
    configure(parser)
    words: list[str] = []
    for action in parser._actions:  # noqa: SLF001 -- argparse lists them nowhere else
        value = getattr(arguments, action.dest)
        if action.dest in _OWN | without or value == action.default:
            continue
        if action.dest in _OF_EACH:
            value = Path(value) / f"shard-{number}"
        option = action.option_strings[0]
        values = value if isinstance(value, list) else [value]
        words += [option] if action.nargs == 0 else [w for v in values for w in (option, str(v))]
    return words


def shown(installation: Any) -> str:
    """Return the start message for people."""
    where = installation.announcement()
    rows = [f"adsmock {where['version']} is ready in {len(where['shards'])} processes", ""]
    rows += [f"  {region}       {urls['ads']}" for region, urls in where["regions"].items()]
    rows += [
        f"  all      {where['main']}  (by Host header, or prefix /na /eu /fe)",
        f"  storage  {where['storage']}",
        f"  aws      {where['aws']}  (SQS, SNS and S3 of Marketing Stream)",
        f"  control  {shown_url(where['control'])}",
        *([f"  control token  {where['controlToken']}"] if "controlToken" in where else []),
        *(
            f"  shard {row['shard']} process {row['pid']} at {row['main']}"
            for row in where["shards"]
        ),
        *_credentials(installation),
    ]
    return "\n".join([*rows, "", "Stop with Ctrl+C."])


def _credentials(installation: Any) -> list[str]:
    """Return the credentials of the default sandbox, nothing if it was deleted."""
    from adsmock.mockserver.control.client import Refused  # noqa: PLC0415 -- help needs no server

    try:
        client = installation.control.call("sandboxes.get")["client"]
    except Refused:
        return []
    return [
        "",
        f"  client   {client['clientId']}",
        f"  secret   {client['clientSecret']}",
        f"  refresh  {client['refreshToken']}",
    ]


def as_json(installation: Any) -> str:
    """Return the announcement as one line of JSON."""
    return json.dumps(installation.announcement(), separators=(",", ":"))
