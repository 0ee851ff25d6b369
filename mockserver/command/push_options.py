"""The options that send messages of Marketing Stream outside the mock."""

from __future__ import annotations

import argparse
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Any

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.push import PushTargets
from adsmock.mockserver.push.address import problem_of

SERVICES = ("firehose", "s3", "sqs")
SECRET_VARIABLE = "ADSMOCK_WEBHOOK_SECRET"
_PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)
"""Size of a secret. Source: Standard Webhooks (documented)."""


def add_push_options(add: Callable[..., Any]) -> None:
    """Add the options."""
    add(
        "--stream-endpoint",
        action="append",
        type=_endpoint,
        default=[],
        metavar="SERVICE=URL",
        help="send messages of Marketing Stream to an AWS-compatible server: sqs, firehose, s3 "
        "(s3 with sqs only); repeatable",
    )
    add(
        "--stream-webhook",
        type=_webhook,
        default="",
        metavar="URL",
        help="send messages of Marketing Stream as signed POSTs to this URL",
    )
    add(
        "--stream-webhook-secret",
        type=_secret,
        default=os.environ.get(SECRET_VARIABLE, ""),
        metavar="SECRET",
        help=f"secret of the signatures, {_PREFIX} and base64 ({SECRET_VARIABLE}; else made from "
        "--seed and printed)",
    )


def push_targets(arguments: argparse.Namespace) -> PushTargets:
    """Return where the options send messages."""
    endpoints = dict(each.split("=", 1) for each in arguments.stream_endpoint)
    webhook = arguments.stream_webhook
    secret = arguments.stream_webhook_secret or _secret_of(arguments.seed)
    return PushTargets(endpoints, webhook, secret if webhook else "")


def check_push_options(targets: PushTargets) -> str:
    """Return why messages cannot be sent outside; empty if they can."""
    if "s3" in targets.endpoints and "sqs" not in targets.endpoints:
        return "--stream-endpoint s3=… needs sqs=… too: notifications of files go to a queue"
    if targets.endpoints:
        from adsmock.mockserver.push import aws  # noqa: PLC0415 -- an option

        return "" if aws.is_available() else aws.MISSING
    return ""


def _secret_of(seed: int) -> str:
    return _PREFIX + b64encode(seeded_random.digest(32, seed, "webhook")).decode()


def _endpoint(text: str) -> str:
    service, separator, url = text.partition("=")
    if not separator or service not in SERVICES:
        raise argparse.ArgumentTypeError(
            f"{text!r} names no service: use sqs=URL, firehose=URL or s3=URL"
        )
    problem = problem_of(url)
    if problem:
        raise argparse.ArgumentTypeError(f"{url!r} {problem}")
    return text


def _webhook(text: str) -> str:
    problem = problem_of(text) if text else ""
    if problem:
        raise argparse.ArgumentTypeError(f"{text!r} {problem}")
    return text


def _secret(text: str) -> str:
    try:
        key = b64decode(text.removeprefix(_PREFIX), validate=True)
    except (Base64Error, ValueError):
        key = b""
    if text and (not text.startswith(_PREFIX) or len(key) not in _SECRET_BYTES):
        raise argparse.ArgumentTypeError(
            f"is no secret of a web hook: use {_PREFIX} and the base64 of 24 to 64 bytes"
        )
    return text
