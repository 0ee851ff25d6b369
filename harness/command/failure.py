"""Failures of commands: one line on stderr and the right exit code, never a traceback."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType

USAGE, OURS, INTERRUPTED = 2, 4, 130


class UsageError(ValueError):
    """The command line names something that does not exist or does not fit."""


def guarded(work: Callable[[], int]) -> int:
    """Return the result of ``work``, or print its failure in one line and return the exit code.

    SIGTERM ends a run like SIGINT: the mock and the started programs end with it.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if before[signal.SIGINT] is signal.default_int_handler:  # respect a caller that ignores it
        signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return work()
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except OSError as error:
        return _say(f"{error.filename or 'file'}: {_reason(error)}", USAGE)
    except UsageError as error:
        return _say(str(error), USAGE)
    except _known() as error:
        return _say(str(error), _code(error))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reason(error: OSError) -> str:
    """Return what is wrong with a path."""
    if isinstance(error, FileExistsError):
        return "is a file, expected a folder"
    if isinstance(error, NotADirectoryError):
        return "one of its folders is a file"
    return error.strerror or str(error)


def _known() -> tuple[type[Exception], ...]:
    """Return the errors of the suite; imported only after a failure, since help needs none."""
    from adsmock.harness.config_file import DocumentError  # noqa: PLC0415 -- see above
    from adsmock.harness.suite.case import CaseError  # noqa: PLC0415 -- see above
    from adsmock.harness.suite.control import PlaneError, ServerError  # noqa: PLC0415 -- see above
    from adsmock.harness.suite.journal.record import RecordError  # noqa: PLC0415 -- see above

    return DocumentError, CaseError, RecordError, PlaneError, ServerError


def _code(error: Exception) -> int:
    """Return the exit code of an error; ``OURS`` when the mock or its control plane failed."""
    is_ours = not isinstance(error, ValueError) and not getattr(error, "is_refusal", False)
    return OURS if is_ours else USAGE


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End a run once: a second signal must not interrupt the cleanup, which takes seconds.

    Signals are handled, not ignored: a process started meanwhile would inherit an ignored signal.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def _say(reason: str, code: int) -> int:
    sys.stderr.write(f"adsmock: {' '.join(reason.split())}\n")
    return code
