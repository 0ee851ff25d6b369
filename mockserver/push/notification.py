"""The files that the notifications of Stream v2 name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_plus

import orjson

from adsmock.mockserver.core.queue import Message
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.push.channel import File
from adsmock.mockserver.services.stream.buckets import Buckets


def files_of(sandbox: Sandbox, messages: Iterable[Message]) -> tuple[File, ...]:
    """Return the files that notifications name, as far as the sandbox has them.

    A message that is no notification, such as one that a fault cut, names none.
    """
    buckets, found = Buckets(sandbox), list[File]()
    for message in messages:
        for bucket, key in _places(message.body):
            stored = buckets.find(bucket, key)
            if stored is not None:
                found.append(File(bucket, key, stored[1]))
    return tuple(found)


def _places(body: str) -> Iterator[tuple[str, str]]:
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    if not isinstance(value, dict):
        return
    if "Records" not in value:
        if "bucket" in value and "key" in value:
            yield value["bucket"], value["key"]
        return
    for record in value["Records"]:
        stored = record["s3"]
        yield stored["bucket"]["name"], unquote_plus(stored["object"]["key"])
