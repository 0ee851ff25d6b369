"""``python -m tests.bench``: the same as ``make bench``.

However it is stopped, the servers that it started end with it.
"""

import signal
from types import FrameType

from tests.bench.bench import main

INTERRUPTED = 130


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwind as at ^C, once, so that the owner of a process ends it."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: None)
    raise KeyboardInterrupt


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
