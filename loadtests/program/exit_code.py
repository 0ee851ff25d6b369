"""What the exit code of a partner's program says: it ended its work, or something ended it."""

from __future__ import annotations

SIGNALED = range(129, 193)
"""Exit codes with which a shell reports a signal: 128 and its number.

Source: POSIX.1-2024, Shell Command Language, 2.8.2.
"""

UNFINISHED = {124: "stopped by timeout", 126: "not executable", 127: "command not found"}
"""Exit codes of a shell, or of the command ``timeout``, for a program that did not do its work."""


def death(code: int) -> str | None:
    """Return why a program did not end by itself; None when it did.

    Any other code but 0 is a report of failure, as in a conformance run.
    """
    if code < 0 or code in SIGNALED:
        return f"signal {-code if code < 0 else code - SIGNALED[0] + 1}"
    return f"exit code {code}, {UNFINISHED[code]}" if code in UNFINISHED else None
