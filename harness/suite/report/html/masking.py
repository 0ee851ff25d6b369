"""Secrets masked: whatever looks like a token or a signature, and members with secret names.

The journal hashes secrets when it writes; people share reports, so the page masks once more.
"""

import re
from collections.abc import Mapping
from typing import Any

DEPTH = 40

MASK = "(redacted)"
_SECRET_NAMES = frozenset(
    {
        "authorization",
        "access_token",
        "refresh_token",
        "client_secret",
        "accesstoken",
        "refreshtoken",
        "clientsecret",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-amz-security-token",
        "x-amz-signature",
    }
)
_SECRET_TEXT = re.compile(
    r"(Atz[ar]\|[\w.~+/=|-]+|Bearer\s+[\w.~+/=|-]+"
    r"|(?<=X-Amz-Signature=)[^&\s\"']+|(?<=X-Amz-Security-Token=)[^&\s\"']+)",
    re.IGNORECASE,
)


def mask(value: Any, depth: int = DEPTH) -> Any:
    """Return a copy of a JSON value with every secret masked."""
    if depth <= 0:
        return "..."
    if isinstance(value, Mapping):
        return {
            str(name): MASK if str(name).lower() in _SECRET_NAMES else mask(member, depth - 1)
            for name, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask(member, depth - 1) for member in value]
    return mask_text(value) if isinstance(value, str) else value


def mask_text(text: str) -> str:
    """Return text with everything masked that looks like a token or a signature."""
    return _SECRET_TEXT.sub(MASK, text)
