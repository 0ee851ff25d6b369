"""Messages without secrets and identities, as entries of a HAR file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.operation_index import operations
from adsmock.mockserver.recorder.message import Answer, Headers, Message, header
from adsmock.mockserver.recorder.pseudonym import Pseudonyms
from adsmock.mockserver.recorder.vocabulary import vocabulary

DROPPED = "dropped"
SECRETS = re.compile(
    r"(?i)^(access_token|refresh_token|id_token|client_secret|authorization|password|secret|"
    r"credential|signature|termstoken|code_verifier|x-amz-(security-token|signature|credential))$"
)
FREE_TEXT = re.compile(
    r"(?i)(name|text|title|headline|email|sku|asin|asins|keyword|searchterm|query|note|comment)$"
)
MESSAGES = frozenset(
    {"message", "details", "detail", "description", "error_description", "Message", "trigger"}
    | {"location", "cause", "failureReason", "statusReason"}
)
KEPT_NUMBERS = frozenset(
    {"index", "totalResults", "totalCount", "maxResults", "startIndex", "count", "pageSize"}
    | {"expires_in", "numberOfRecords", "fileSize"}
)
KEPT_HEADERS = frozenset(
    {"content-type", "accept", "accept-encoding", "prefer", "preference-applied", "retry-after"}
    | {"vary", "cache-control", "pragma", "strict-transport-security", "content-encoding"}
    | {"date", "x-amz-date", "server", "x-amzn-errortype", "transfer-encoding", "connection"}
    | {"x-amzn-remapped-x-amzn-remapped-content-type", "x-amzn-remapped-content-type"}
)
IDENTITIES = frozenset(
    {"amazon-advertising-api-scope", "amazon-advertising-api-clientid", "amazon-ads-clientid"}
    | {"amazon-ads-accountid", "amazon-advertising-api-managerid"}
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-][\d:]+)?)?|(19|20)\d\d[01]\d[0-3]\d")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]{0,60}")
_ENUM = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_IS_ID = re.compile(r"(?i)ids?$")
_FORM = "application/x-www-form-urlencoded"
_ID_DIGITS = 10
_MOST_ROWS = 50
_LONGEST_TEXT = 2000


class Redactor:
    """Turns messages into HAR entries; equal identities become equal pseudonyms."""

    def __init__(self, pseudonyms: Pseudonyms, *, keep_amounts: bool = False) -> None:
        self._pseudonyms = pseudonyms
        self._keep_amounts = keep_amounts
        self._known = vocabulary()

    def entry(
        self, message: Message, answer: Answer, started: float, seconds: float
    ) -> dict[str, Any]:
        """Return the HAR entry of one call; ``started`` is in seconds since 1970."""
        operation = operations().find(message.method, message.path, _json(message.body))
        return {
            "startedDateTime": format_utc(started),
            "time": round(seconds * 1000, 1),
            "request": self._request(message),
            "response": self._response(answer),
            "cache": {},
            "timings": {"send": 0, "wait": round(seconds * 1000, 1), "receive": 0},
            "_operation": operation.id if operation else "",
        }

    def value(self, value: Any, name: str = "", *, is_row: bool = False) -> Any:
        """Return a JSON value without identities; ``name`` is the member that contains it.

        A row of an array is no map, whatever the array is called.
        """
        if isinstance(value, dict):
            is_free = name in self._known.maps and not is_row
            return {
                self._key(key, is_free=is_free): self.value(each, name if is_free else key)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.value(each, name, is_row=True) for each in value[:_MOST_ROWS]]
        if isinstance(value, str):
            return self.text(value, name)
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, name)

    def text(self, text: str, name: str) -> str:
        """Return a text without identities."""
        known = self._known
        if SECRETS.match(name):
            return DROPPED
        if not text or (text in known.values and not FREE_TEXT.search(name)):
            return text
        if text.startswith(("http://", "https://")):
            return self._url(text)
        if _DATE.fullmatch(text) or (name in known.enums and _ENUM.fullmatch(text)):
            return text
        if name in MESSAGES or name == "":
            return self._pseudonyms.message(text[:_LONGEST_TEXT], known.is_word)
        return self._pseudonyms.text(text)

    def _number(self, value: float, name: str) -> float:
        is_id = isinstance(value, int) and (
            _IS_ID.search(name) or len(str(abs(value))) >= _ID_DIGITS
        )
        if is_id:
            assert isinstance(value, int)
            return self._pseudonyms.number(abs(value))
        if name in KEPT_NUMBERS or self._keep_amounts:
            return value
        return 1 if isinstance(value, int) else 1.5

    def _key(self, key: str, *, is_free: bool) -> str:
        if is_free or not _IDENTIFIER.fullmatch(key):
            return self._pseudonyms.text(key)
        return key

    def _request(self, message: Message) -> dict[str, Any]:
        path, query = self._path(message), self._query(message.query)
        suffix = f"?{urlencode(query)}" if query else ""
        found: dict[str, Any] = {
            "method": message.method,
            "url": f"https://{message.host}{path}{suffix}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": self._headers(message.headers),
            "queryString": [{"name": name, "value": value} for name, value in query],
            "headersSize": -1,
            "bodySize": len(message.body),
        }
        if message.body:
            kind = header(message.headers, "content-type")
            text = self._body(message.body, kind)
            found["postData"] = {"mimeType": kind, "params": [], "text": text}
        return found

    def _response(self, answer: Answer) -> dict[str, Any]:
        plain = answer.plain()
        kind = header(answer.headers, "content-type")
        content: dict[str, Any] = {"size": len(plain or b""), "mimeType": kind}
        if plain is None:
            content["comment"] = "the body could not be read and is not recorded"
        elif plain:
            content["text"] = self._body(plain, kind)
        return {
            "status": answer.status,
            "statusText": _phrase(answer.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": self._headers(answer.headers),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(answer.body),
        }

    def _body(self, body: bytes, kind: str) -> str:
        if kind.startswith(_FORM):
            rows = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
            kept = [(name, value if name == "grant_type" else DROPPED) for name, value in rows]
            return urlencode(kept)
        value = _json(body)
        if value is None and body.strip() != b"null":
            text = body.decode("utf-8", "replace")[:_LONGEST_TEXT]
            return self._pseudonyms.message(text, self._known.is_word)
        return orjson.dumps(self.value(value)).decode()

    def _path(self, message: Message) -> str:
        operation = operations().find(message.method, message.path)
        template = operation.path.split("/") if operation else []
        parts = message.path.split("/")
        found = []
        for place, part in enumerate(parts):
            is_fixed = part in template[place : place + 1] or (
                not template and part in self._known.segments
            )
            found.append(part if is_fixed or not part else self._segment(unquote(part)))
        return "/".join(found)

    def _segment(self, part: str) -> str:
        return quote(self._pseudonyms.text(part), safe="")

    def _query(self, query: str) -> list[tuple[str, str]]:
        rows = parse_qsl(query, keep_blank_values=True)
        return [
            (self._key_of_query(name), self._value_of_query(name, value)) for name, value in rows
        ]

    def _key_of_query(self, name: str) -> str:
        return name if _IDENTIFIER.fullmatch(name.replace("-", "_")) else self._segment(name)

    def _value_of_query(self, name: str, value: str) -> str:
        if SECRETS.match(name) or name.lower().startswith("x-amz-"):
            return DROPPED
        if value.isdigit() and name in KEPT_NUMBERS:
            return value
        return ",".join(self.text(each, name or "value") for each in value.split(","))

    def _url(self, url: str) -> str:
        """Return a URL of which only the scheme, a known host and the names of the query stay."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        kept = host if host in self._known.values else self._pseudonyms.text(host)
        query = urlencode([(name, DROPPED) for name, _ in self._query(parts.query)])
        path = "/".join(map(self._segment, parts.path.split("/")))
        return f"{parts.scheme}://{kept}{path}" + (f"?{query}" if query else "")

    def _headers(self, headers: Headers) -> list[dict[str, str]]:
        return [
            {"name": name, "value": self._header(name.lower(), value)} for name, value in headers
        ]

    def _header(self, name: str, value: str) -> str:
        if name in KEPT_HEADERS:
            return value
        if name in IDENTITIES or name.startswith(("x-amz", "x-amzn")):
            return self._pseudonyms.text(value) if not SECRETS.match(name) else DROPPED
        return DROPPED


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None


def _phrase(status: int) -> str:
    known: Iterable[int] = (each.value for each in HTTPStatus)
    return HTTPStatus(status).phrase if status in known else ""
