"""Actions of S3: buckets with their policies, and objects to list, read and delete.

Why not moto in this process: its S3 reads the machine's clock and keeps one global state, so
neither time, snapshots nor the data directory of a sandbox would reach it; and its request hooks
would bring boto3 and a WSGI server into the event loop, past faults and journal.

Source: Amazon S3 API reference (documented: parameters, elements, headers, codes).
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.outcome import File
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.aws.error import AwsError
from adsmock.mockserver.services.stream.aws.policy import is_policy
from adsmock.mockserver.services.stream.aws.rest_protocol import document
from adsmock.mockserver.services.stream.buckets import Bucket, Buckets, StoredObject

MOST_KEYS = 1_000
BYTES_MEDIA = "binary/octet-stream"

_XML = "application/xml"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_LOCATION = re.compile(r"<LocationConstraint>([a-z0-9-]+)</LocationConstraint>")
_DEFAULT_REGION = "us-east-1"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_LAST = "\U0010ffff"
_OWNER = seeded_random.hexadecimal(32, "owner of buckets")


@dataclass(slots=True)
class S3Context:
    """One call to serve: its parameters, the buckets of its sandbox, its time."""

    body: dict[str, Any]
    region: str
    buckets: Buckets
    now: float

    def bucket(self) -> Bucket:
        """Return the bucket that the call names.

        Raises:
            AwsError: 404; it does not exist.
        """
        found = self.buckets.get(self.body["Bucket"])
        if found is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", status=404)
        return found


def serve(context: RequestContext, request: AwsRequest) -> File:
    """Serve an action of S3.

    Raises:
        AwsError: it is refused.
    """
    call = S3Context(context.body, request.region, Buckets(context.sandbox), context.now)
    file = _ACTIONS[request.action](call)
    request_id = seeded_random.hexadecimal(8, context.sandbox.seed, request.action, context.now)
    file.headers["x-amz-request-id"] = request_id.upper()
    if file.content_type == BYTES_MEDIA:
        file.kept = orjson.dumps({"size": len(file.content), **file.headers})
    return file


def list_buckets(call: S3Context) -> File:
    """List every bucket."""
    rows = [{"Name": each.name, "CreationDate": format_utc(each.created)} for each in
            call.buckets.all()]  # fmt: skip
    value = {"Owner": {"ID": _OWNER}, "Buckets": {"Bucket": rows}}
    return File(document("ListAllMyBucketsResult", value), _XML)


def create_bucket(call: S3Context) -> File:
    """Create a bucket; one that exists stays as it is.

    Raises:
        AwsError: 400; the name is not valid.
    """
    name = call.body["Bucket"]
    if not _NAME.fullmatch(name):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
    named = _LOCATION.search(call.body.get("Body", ""))
    call.buckets.create(name, named[1] if named else call.region, call.now)
    return File(b"", "", {"Location": f"/{name}"})


def head_bucket(call: S3Context) -> File:
    """Say that a bucket exists, and where."""
    return File(b"", "", {"x-amz-bucket-region": call.bucket().region})


def get_location(call: S3Context) -> File:
    """Return the region of a bucket; the oldest one has no name."""
    region = call.bucket().region
    return File(document("LocationConstraint", "" if region == _DEFAULT_REGION else region), _XML)


def get_policy(call: S3Context) -> File:
    """Return the policy of a bucket.

    Raises:
        AwsError: 404; it has none.
    """
    policy = call.bucket().policy
    if not policy:
        raise AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", status=404)
    return File(policy.encode(), "application/json")


def put_policy(call: S3Context) -> File:
    """Replace the policy of a bucket.

    Raises:
        AwsError: 400; it is not a policy.
    """
    policy = call.body.get("Body", "")
    if not policy or not is_policy(policy):
        text = "Policies must be valid JSON and the first byte must be '{'"
        raise AwsError("MalformedPolicy", text)
    call.buckets.set_policy(call.bucket(), policy, call.now)
    return File(b"", "", status=204)


def list_objects(call: S3Context) -> File:
    """Return a page of the objects with a prefix, those below a delimiter as one prefix."""
    body, bucket = call.body, call.bucket()
    most = _most_keys(body)
    token = body.get("ContinuationToken", "")
    after = _opened(token) if token else body.get("StartAfter", "")
    shown = quote if body.get("EncodingType") == "url" else str
    entries = list(islice(_entries(call.buckets, bucket.name, body, after), most + 1))
    found, is_last = entries[:most], len(entries) <= most
    rows = [each for each in found if not isinstance(each, str)]
    prefixes = [each for each in found if isinstance(each, str)]
    value: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": shown(body.get("Prefix", "")),
        "MaxKeys": most,
        "KeyCount": len(found),
        "IsTruncated": not is_last and most > 0,
        "Contents": [_row(each, shown(each.key)) for each in rows],
        "CommonPrefixes": [{"Prefix": shown(each)} for each in prefixes],
    }
    value |= {name: body[name] for name in ("Delimiter", "EncodingType") if name in body}
    if token:
        value["ContinuationToken"] = token
    if found and not is_last:
        last = found[-1]
        end = last + _LAST if isinstance(last, str) else last.key
        value["NextContinuationToken"] = urlsafe_b64encode(end.encode()).decode()
    return File(document("ListBucketResult", value), _XML)


def get_object(call: S3Context) -> File:
    """Return an object, or the range of it that is asked for."""
    stored, content = _found(call)
    headers = _headers(stored)
    if _is_unchanged(call, stored):
        return File(b"", "", headers, status=304)
    span = _span(call.body.get("Range", ""), len(content))
    if span is None:
        return File(content, BYTES_MEDIA, headers)
    first, end = span
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
    return File(content[first:end], BYTES_MEDIA, headers, status=206)


def head_object(call: S3Context) -> File:
    """Return what ``get_object`` returns; the edge sends no body after HEAD."""
    return get_object(call)


def delete_object(call: S3Context) -> File:
    """Delete an object; one that does not exist is as good as deleted."""
    call.buckets.delete_object(call.bucket().name, call.body["Key"], call.now)
    return File(b"", "", status=204)


def _found(call: S3Context) -> tuple[StoredObject, bytes]:
    found = call.buckets.find(call.bucket().name, call.body["Key"])
    if found is None:
        raise AwsError("NoSuchKey", "The specified key does not exist.", status=404)
    wanted = call.body.get("IfMatch", "*")
    if wanted != "*" and wanted.strip('"') != found[0].etag:
        text = "At least one of the pre-conditions you specified did not hold"
        raise AwsError("PreconditionFailed", text, status=412)
    return found


def _is_unchanged(call: S3Context, stored: StoredObject) -> bool:
    return bool(call.body.get("IfNoneMatch", "").strip('"') == stored.etag)


def _headers(stored: StoredObject) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "ETag": f'"{stored.etag}"',
        "Last-Modified": format_datetime(datetime.fromtimestamp(stored.modified, UTC), usegmt=True),
    }


def _span(text: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the end of a range, None where all bytes are asked for.

    Raises:
        AwsError: 416; no byte is in the range.
    """
    found = _RANGE.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    if first >= end:
        raise AwsError("InvalidRange", "The requested range is not satisfiable", status=416)
    return first, end


def _entries(
    buckets: Buckets, bucket: str, body: dict[str, Any], after: str
) -> Iterator[StoredObject | str]:
    """Yield the objects after a key, and each common prefix once, in order."""
    prefix, delimiter, seen = body.get("Prefix", ""), body.get("Delimiter", ""), ""
    for each in buckets.objects(bucket, prefix, after):
        head, found, _ = each.key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        if not found:
            yield each
        elif prefix + head + found != seen:
            seen = prefix + head + found
            yield seen


def _row(each: StoredObject, key: str) -> dict[str, Any]:
    return {
        "Key": key,
        "LastModified": format_utc(each.modified),
        "ETag": f'"{each.etag}"',
        "Size": each.size,
        "StorageClass": "STANDARD",
    }


def _most_keys(body: dict[str, Any]) -> int:
    text = str(body.get("MaxKeys", MOST_KEYS))
    if not text.isascii() or not text.isdecimal():
        raise AwsError("InvalidArgument", "Provided max-keys not an integer or within range")
    return min(int(text), MOST_KEYS)


def _opened(token: str) -> str:
    try:
        return urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        text = "The continuation token provided is incorrect"
        raise AwsError("InvalidArgument", text) from None


_ACTIONS: Mapping[str, Callable[[S3Context], File]] = {
    "CreateBucket": create_bucket,
    "DeleteObject": delete_object,
    "GetBucketLocation": get_location,
    "GetBucketPolicy": get_policy,
    "GetObject": get_object,
    "HeadBucket": head_bucket,
    "HeadObject": head_object,
    "ListBuckets": list_buckets,
    "ListObjectsV2": list_objects,
    "PutBucketPolicy": put_policy,
}
