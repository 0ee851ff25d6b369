"""The S3 buckets of a sandbox with their objects.

Both are records of the sandbox's store, so snapshots and the data directory contain them. A bucket
exists because a program created it, or because a subscription names it (assumed, as for queues).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import md5
from typing import Any

import orjson

from adsmock.mockserver.core.entity import ARCHIVED, ENABLED, Entity
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.store import Table

BUCKETS, OBJECTS = "stream.buckets", "stream.objects"
"""The names of the tables. A bucket belongs to no profile."""
MAX_BYTES = 268_435_456
"""Bytes of all objects of a sandbox; the oldest objects above it are deleted."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket; ``created`` is in sandbox seconds, ``policy`` the JSON of its policy or empty."""

    name: str
    region: str
    created: float
    policy: str = ""

    @property
    def arn(self) -> str:
        """The ARN, which names no region."""
        return f"arn:aws:s3:::{self.name}"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object without its content; ``modified`` is in sandbox seconds."""

    key: str
    size: int
    etag: str
    modified: float


class ObjectIndex:
    """The keys of each bucket in order, and the sizes of all objects, oldest first."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.keys: dict[str, list[str]] = {}
        self.sizes: dict[str, int] = {}
        self.bytes = 0
        for each in entities:
            self.put(None, each)

    def put(self, _: Entity | None, entity: Entity) -> None:
        """Add an object, or take away a deleted one."""
        bucket, key = entity.id.split("/", 1)
        keys = self.keys.setdefault(bucket, [])
        self.bytes -= self.sizes.pop(entity.id, 0)
        place = bisect_left(keys, key)
        is_known = place < len(keys) and keys[place] == key
        if entity.is_archived:
            if is_known:
                del keys[place]
            return
        if not is_known:
            insort(keys, key)
        size = orjson.loads(entity.body)["size"]
        self.sizes[entity.id] = size
        self.bytes += size


class Buckets:
    """The buckets of one sandbox; the caller holds its lock."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._buckets = sandbox.store.table("", BUCKETS)
        self._objects = sandbox.store.table("", OBJECTS)

    def all(self) -> list[Bucket]:
        """Return every bucket, oldest first."""
        return [Bucket(**orjson.loads(each.body)) for each in self._buckets.all()]

    def get(self, name: str) -> Bucket | None:
        """Return one bucket."""
        found = self._buckets.get(name)
        return None if found is None else Bucket(**orjson.loads(found.body))

    def create(self, name: str, region: str, now: float) -> Bucket:
        """Return the bucket of a name, created if there is none."""
        found = self.get(name)
        if found is None:
            found = Bucket(name, region, now)
            self._write(self._buckets, name, asdict(found), now)
        return found

    def set_policy(self, bucket: Bucket, policy: str, now: float) -> None:
        """Replace the policy of a bucket; an empty one removes it."""
        self._write(self._buckets, bucket.name, asdict(replace(bucket, policy=policy)), now)

    def put_object(self, bucket: str, key: str, content: bytes, now: float) -> StoredObject:
        """Store an object and return it; the oldest ones make room if there are too many bytes."""
        etag = md5(content, usedforsecurity=False).hexdigest()
        text = b64encode(content).decode()
        row = {"size": len(content), "etag": etag, "content": text}
        self._write(self._objects, f"{bucket}/{key}", row, now)
        index = self._index
        while index.bytes > MAX_BYTES and len(index.sizes) > 1:
            self._delete(next(iter(index.sizes)), now)
        return StoredObject(key, len(content), etag, now)

    def find(self, bucket: str, key: str) -> tuple[StoredObject, bytes] | None:
        """Return an object and its content, None if there is none."""
        found = self._objects.get(f"{bucket}/{key}")
        if found is None or found.is_archived:
            return None
        row = orjson.loads(found.body)
        return _stored(key, row, found.updated), b64decode(row["content"])

    def delete_object(self, bucket: str, key: str, now: float) -> None:
        """Delete an object; one that does not exist stays so."""
        if f"{bucket}/{key}" in self._index.sizes:
            self._delete(f"{bucket}/{key}", now)

    def objects(self, bucket: str, prefix: str, after: str) -> Iterator[StoredObject]:
        """Yield the objects with a prefix whose keys come after ``after``, in order of keys."""
        keys = self._index.keys.get(bucket, [])
        start = max(bisect_left(keys, prefix), bisect_right(keys, after) if after else 0)
        for key in keys[start:]:
            if not key.startswith(prefix):
                return
            found = self._objects.get(f"{bucket}/{key}")
            assert found is not None
            yield _stored(key, orjson.loads(found.body), found.updated)

    @property
    def _index(self) -> ObjectIndex:
        found: ObjectIndex = self._objects.index(OBJECTS, lambda table: ObjectIndex(table.all()))
        return found

    def _delete(self, entity_id: str, now: float) -> None:
        self._write(self._objects, entity_id, {}, now, state=ARCHIVED)

    def _write(
        self, table: Table, entity_id: str, row: dict[str, Any], now: float, state: str = ENABLED
    ) -> None:
        before = table.get(entity_id)
        seq = self._sandbox.store.next_seq() if before is None else before.seq
        body = orjson.dumps(row)
        table.put(Entity(entity_id, seq, state, body, (), None, now, now))


def _stored(key: str, row: dict[str, Any], modified: float) -> StoredObject:
    return StoredObject(key, row["size"], row["etag"], modified)
