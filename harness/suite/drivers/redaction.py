"""Secrets are removed from everything that a program said, before it is kept."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, Final
from urllib.parse import quote

from msgspec.structs import replace

from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.journal import Ending

TAIL_BYTES: Final = 4000
"""How much of the end of an output is kept."""

LONGEST_SECRET: Final = 4096
"""Bytes to read before the part that is kept, so that no secret is cut in two."""

_BAR = r"(?:\||%7C|\\u007c)"
_FORMS = re.compile(
    rf"Atz[acr]{_BAR}[\w.~+/=|%-]+|amzn1\.oa2-cs\.[\w.-]+"
    r"|(?<=X-Amz-Signature=)[\w.~%-]+|(?<=X-Amz-Security-Token=)[\w.~%+/=-]+"
    r"|(?<=Bearer )[\w.~+/=|-]{8,}|(?<=Basic )[\w+/=-]{8,}",
    re.IGNORECASE,
)
"""What has the form of a token, a client secret, a signature or an Authorization header."""


def redact_ending(ending: Ending, setup: CaseSetup) -> Ending:
    """Return how the client ended, without secrets in its output, its error and its claims."""
    return replace(
        ending,
        output=redact(ending.output, setup)[-TAIL_BYTES:],
        error=redact(ending.error, setup) if ending.error else ending.error,
        claims=tuple(redact_value(claim, setup) for claim in ending.claims),
    )


def redact(text: str, setup: CaseSetup) -> str:
    """Return a text without the task's secrets, whatever their encoding, and without tokens."""
    credentials = setup.task["credentials"]
    for name in ("clientSecret", "refreshToken"):
        for written in _spellings(str(credentials[name])):
            text = text.replace(written, f"<{name}>")
    return _FORMS.sub("<token>", text)


def redact_value(value: Any, setup: CaseSetup) -> Any:
    """Return a JSON value, such as a claim, without secrets."""
    if isinstance(value, str):
        return redact(value, setup)
    if isinstance(value, list):
        return [redact_value(each, setup) for each in value]
    if isinstance(value, dict):
        return {redact(str(name), setup): redact_value(each, setup) for name, each in value.items()}
    return value


def _spellings(secret: str) -> tuple[str, ...]:
    return secret, quote(secret, safe=""), b64encode(secret.encode()).decode()
