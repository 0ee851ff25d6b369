"""Structured logs without secrets: one JSON object per line, and a filter that masks secrets.

The filter is a second line of defense: no part of the client logs headers or bodies.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from .observe import Exchange
from .settings import Settings

LOGGER = logging.getLogger(__package__)
CALLS = logging.getLogger(f"{__package__}.call")
CALLS.addHandler(logging.NullHandler())  # without log_to, not even a 429 is printed

# Without a handler of its own, a library's warnings would go to stderr.
LOGGER.addHandler(logging.NullHandler())

MASK = "***"

_SHAPES = re.compile(
    r"Atz[ar]\|[^\s\"'&,}]+"  # access and refresh tokens of Login with Amazon
    r"|amzn1\.oa2-cs\.[\w.-]+"  # client secrets
    r"|(?<=Bearer )[^\s\"',}]+"
    r"|(?<=X-Amz-Signature=)[^\s\"'&]+"
    r"|(?<=X-Amz-Security-Token=)[^\s\"'&]+"
    r"|(?<=refresh_token=)[^\s\"'&]+"
    r"|(?<=access_token=)[^\s\"'&]+"
    r"|(?<=client_secret=)[^\s\"'&]+",
    re.IGNORECASE,
)

_SECRET_NAMES = re.compile(
    r"authorization|secret|password|cookie|signature|store_?key|(access|refresh)_?token",
    re.IGNORECASE,
)
"""Members whose values are always secret."""

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""The members of every record; all others come from ``extra``."""


class MaskFilter(logging.Filter):
    """Masks known secrets and everything that looks like one. Never drops a record."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first: one secret may contain another.
        known = sorted({re.escape(secret) for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(known)) if known else None

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask message, extra members and traceback in place."""
        record.msg, record.args = self.mask(_message(record)), ()
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self.mask(record.exc_text)
        for name in set(vars(record)) - _PLAIN:
            setattr(record, name, self._value(name, getattr(record, name)))
        return True

    def mask(self, text: str) -> str:
        """Return a text without secrets."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return _SHAPES.sub(MASK, text)

    def _value(self, name: str, value: Any) -> Any:
        """Return a member of any depth without secrets; values that JSON lacks become text."""
        if value is None or isinstance(value, bool):
            return value
        if _SECRET_NAMES.search(name):
            return MASK
        if isinstance(value, dict):
            return {self.mask(str(key)): self._value(str(key), each) for key, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value("", each) for each in value]
        text = self.mask(str(value))
        return value if isinstance(value, int | float) and text == str(value) else text


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time (UTC), level, event, all extra members, and the traceback if any."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        extra = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        line = {**extra, **line}
        if record.exc_text:
            line["trace"] = record.exc_text
        elif record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class CallLog:
    """An observer that logs each exchange as one event ``call``."""

    def note(self, exchange: Exchange) -> None:
        """Log an exchange: at WARNING when it failed, else at INFO."""
        fine = exchange.result.startswith("2")
        CALLS.log(
            logging.INFO if fine else logging.WARNING,
            "call",
            extra={
                "region": exchange.region,
                "operation": exchange.operation,
                "result": exchange.result,
                "quota": exchange.quota,
                "profile": exchange.profile,
                "milliseconds": round(exchange.seconds * 1000, 1),
                "request_id": exchange.request_id,
            },
        )


def log_to(stream: TextIO | None = None, settings: Settings | None = None) -> logging.Handler:
    """Send the client's log to a stream as JSON lines, masked; return the handler.

    With ``settings``, the secrets of its credentials are always masked.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    credentials = settings.credentials if settings else None
    secrets = (credentials.client_secret, credentials.refresh_token) if credentials else ()
    handler.addFilter(MaskFilter(secrets))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    return handler


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a wrong format string must not lose the event
        return str(record.msg)
