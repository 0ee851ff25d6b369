"""How a command of the suite fails: one line, the right exit code, never a traceback.

Knows exit codes and the errors of the suite. Must not know any command.
"""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from types import FrameType

from harness.document import DocumentError
from harness.suite.case import CaseError
from harness.suite.control import PlaneError, ServerError
from harness.suite.journal.record import RecordError

USAGE, OURS, INTERRUPTED = 2, 4, 130

SEEDS = 1 << 63


class UsageError(ValueError):
    """The command line asks for something that does not exist or does not fit."""


def seed(text: str) -> int:
    """Return a seed: a whole number of 64 bits, which is what a sandbox takes.

    Raises:
        ArgumentTypeError: it is something else.
    """
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no whole number") from None
    if not -SEEDS <= number < SEEDS:
        raise ArgumentTypeError(f"{text} does not fit into 64 bits")
    return number


def guarded(work: Callable[[], int]) -> int:
    """Return what ``work`` returns, or the exit code of its failure after saying it in one line.

    SIGTERM ends a run as SIGINT does: the mock and the programs it started end with it.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if before[signal.SIGINT] is signal.default_int_handler:  # who has it ignored means it
        signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return work()
    except (UsageError, CaseError, RecordError, DocumentError) as error:
        return _say(str(error), USAGE)
    except ServerError as error:
        return _say(str(error), USAGE if error.is_refusal else OURS)
    except PlaneError as error:
        return _say(str(error), OURS)
    except OSError as error:
        return _say(f"{error.filename or 'file'}: {error.strerror or error}", USAGE)
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End a run, once: a second signal must not end the cleaning up, which takes seconds.

    Handled and not ignored, since whoever is started meanwhile would inherit that.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def _say(reason: str, code: int) -> int:
    sys.stderr.write(f"adsmock: {' '.join(reason.split())}\n")
    return code
