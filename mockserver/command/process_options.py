"""The options of ``serve`` for several processes, on this machine or on others."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from adsmock.mockserver.core.shard import MOST, Shard

_REGIONS = ("NA", "EU", "FE")
_PLACE = re.compile(r"([A-Za-z0-9._-]+)(?::(\d{1,5}))?", re.ASCII)
_FIRST_PORT = 9080
_MOST_PORTS = 65_535


def add_process_options(add: Callable[..., Any]) -> None:
    """Add the options of several processes, and those that a process gets from its parent."""
    add("--shards", type=_count, metavar="N", help="run N processes behind HAProxy")
    add(
        "--shard-at",
        action="append",
        type=_place,
        default=[],
        metavar="HOST[:PORT]",
        help="serve the shards of other machines behind HAProxy: name each, in order "
        f"(PORT: its --port, {_FIRST_PORT})",
    )
    add("--shard", type=_shard, metavar="I/N", help="be shard I of N, for --shard-at elsewhere")
    add(
        "--public-url",
        dest="reached_by",
        type=_public_url,
        metavar="URL",
        help="base URL by which clients reach the main port; regions are below it: /na, /eu, /fe",
    )
    add("--reached-by", type=json.loads, help=argparse.SUPPRESS)


def check_process_options(arguments: argparse.Namespace) -> str:
    """Return what is wrong with the options together; empty if nothing is."""
    given = {
        "--shards": arguments.shards is not None,
        "--shard": arguments.shard is not None,
        "--shard-at": bool(arguments.shard_at),
    }
    several = [name for name, is_given in given.items() if is_given]
    if len(several) > 1:
        return f"{' and '.join(several)} exclude each other: give one of them"
    if len(arguments.shard_at) > MOST:
        return f"{len(arguments.shard_at)} shards are too many: give --shard-at up to {MOST} times"
    return ""


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of shards: use 1 to {MOST}")
    return int(text)


def _shard(text: str) -> Shard:
    number, _, count = text.partition("/")
    is_known = number.isdecimal() and count.isdecimal()
    if not is_known or not 1 <= int(number) <= int(count) <= MOST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a shard: use 1/2 for the first of two, at most {MOST}"
        )
    return Shard(int(number), int(count))


def _place(text: str) -> tuple[str, int]:
    match = _PLACE.fullmatch(text)
    port = int(match[2] or _FIRST_PORT) if match else 0
    if match is None or not 0 < port <= _MOST_PORTS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the place of a shard: use a host name or an IPv4 address, such as "
            f"10.0.0.2 or 10.0.0.2:{_FIRST_PORT}"
        )
    return match[1], port


def _public_url(text: str) -> dict[str, str]:
    """Return the base URL of each endpoint below a public URL."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a base URL: use one such as http://mock.example:9080"
        )
    base = text.rstrip("/")
    regions = {region: f"{base}/{region.lower()}" for region in _REGIONS}
    return regions | {"main": base, "storage": f"{base}/_storage", "aws": f"{base}/_aws"}
