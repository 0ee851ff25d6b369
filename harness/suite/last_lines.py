"""The lines at the end of a program's output that say why it ended."""

from __future__ import annotations

import re

SHOWN = 6
"""Lines of output in a message."""

_SEARCHED = 60
"""Lines from the end in which the message of an exception is looked for: stack traces are long."""

_NOISE = re.compile(r"^Picked up \w*JAVA\w*OPTIONS: ")
"""What each Java virtual machine prints at its start when adsmock routes it through the proxy."""

_EXCEPTION = re.compile(r"^\s*(?:Uncaught |Unhandled )?[\w.$]*(?:Error|Exception|panic)\b.*?: \S")


def last_lines(output: str) -> list[str]:
    """Return the last lines of an output, without empty ones, after the exception's message.

    Some runtimes print the stack and members of the exception below its message, so that the end
    of the output alone would not contain it.
    """
    lines = [line for line in output.splitlines() if line.strip() and not _NOISE.match(line)]
    end = lines[-SHOWN:]
    if any(_EXCEPTION.search(line) for line in end):
        return end
    earlier = lines[-_SEARCHED:-SHOWN]
    message = next((line for line in reversed(earlier) if _EXCEPTION.search(line)), None)
    return end if message is None else [message, *end[1:]]


def reason(output: str) -> str:
    """Return the one line that says why a program ended: an exception's message, or the last line.

    Node prints its version below each exception.
    """
    lines = last_lines(output)
    messages = [line for line in lines if _EXCEPTION.search(line)]
    return (messages or lines or [""])[-1].strip()
