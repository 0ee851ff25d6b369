"""The REST protocol of S3: method, path and query name the action; replies are XML or bytes.

Buckets are in the path, or before ``.localhost`` in the host name, where some SDKs put them.
Source: Amazon S3 API reference (documented: paths, parameters, elements).
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from adsmock.mockserver.core.call import Call

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
POLICY_BYTES = 20_480
"""The longest body that is read. Source: Amazon S3 user guide (documented: size of a policy)."""

_SUFFIX = ".localhost"
_OF_SERVICE = {"GET": "ListBuckets"}
_OF_BUCKET = {
    ("GET", "list-type"): "ListObjectsV2",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "policy"): "GetBucketPolicy",
    ("PUT", "policy"): "PutBucketPolicy",
    ("PUT", ""): "CreateBucket",
    ("HEAD", ""): "HeadBucket",
}
_SUBRESOURCES = frozenset({name for _, name in _OF_BUCKET if name})
_OF_OBJECT = {"DELETE": "DeleteObject", "GET": "GetObject", "HEAD": "HeadObject"}
_PARAMETERS = {
    "continuation-token": "ContinuationToken",
    "delimiter": "Delimiter",
    "encoding-type": "EncodingType",
    "max-keys": "MaxKeys",
    "prefix": "Prefix",
    "start-after": "StartAfter",
}
_HEADERS = {"if-match": "IfMatch", "if-none-match": "IfNoneMatch", "range": "Range"}


def read_action(call: Call, path: str, query: dict[str, str]) -> tuple[str, dict[str, Any] | None]:
    """Return the action of a call, empty if it is not served, and its parameters.

    None for parameters says that the body is too long or no text.
    """
    bucket, _, key = path.lstrip("/").partition("/")
    host = call.host.rsplit(":", 1)[0].lower()
    if host.endswith(_SUFFIX):
        bucket, key = host.removesuffix(_SUFFIX), path.lstrip("/")
    body: dict[str, Any] = {"Bucket": bucket} if bucket else {}
    if key:
        action, body["Key"] = _OF_OBJECT.get(call.method, ""), key
    elif bucket:
        named = next((name for name in query if name in _SUBRESOURCES), "")
        action = _OF_BUCKET.get((call.method, named), "")
    else:
        action = _OF_SERVICE.get(call.method, "")
    body |= {_PARAMETERS[name]: query[name] for name in query if name in _PARAMETERS}
    body |= {_HEADERS[name]: call.headers[name] for name in call.headers if name in _HEADERS}
    if action in {"CreateBucket", "PutBucketPolicy"} and call.body:
        if len(call.body) > POLICY_BYTES or not _is_text(call.body):
            return action, None
        body["Body"] = call.body.decode()
    return action, {"Action": action, **body}


def document(root: str, value: dict[str, Any] | str) -> bytes:
    """Return an XML document; lists become repeated elements."""
    inner = _elements(value) if isinstance(value, dict) else escape(value)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{inner}</{root}>'
    ).encode()


def _elements(value: dict[str, Any]) -> str:
    parts: list[str] = []
    for name, held in value.items():
        for each in held if isinstance(held, list) else [held]:
            inner = _elements(each) if isinstance(each, dict) else escape(_text(each))
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
