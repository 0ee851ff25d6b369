"""``adsmock record``: capture what the service answers, without secrets and identities."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsmock.cli import child_environment
from adsmock.cli.options import more_options

if TYPE_CHECKING:
    from adsmock.mockserver.recorder import Session

SUMMARY = "Record what the service answers, without secrets."
WORKFLOW = "inspect"
EXAMPLES = """examples:
  adsmock record --allow-upstream --out capture.har -- python your_reader.py
  adsmock record --allow-upstream --out capture.har    a proxy until Ctrl+C
  adsmock replay capture.har                           compare the capture with the mock
  adsmock exec --invent 5 -- adsmock record --allow-upstream -- python your_reader.py

Calls go to Amazon's hosts and nowhere else. A recording only reads: lists, queries, exports and
reports. Ids, names, ASINs and e-mail addresses become pseudonyms, amounts are dropped.

exit codes: 0 success, 2 usage, 3 no call was recorded, else that of the command"""

USAGE, EMPTY, NOT_FOUND = 2, 3, 127
_KEY_BYTES = 32


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``record``."""
    add = parser.add_argument
    add(
        "--allow-upstream",
        action="store_true",
        help="allow calls to Amazon's hosts; without it nothing is sent",
    )
    add(
        "--out",
        type=Path,
        default=Path("capture.har"),
        metavar="FILE",
        help="HAR file (%(default)s)",
    )
    add("--keep-amounts", action="store_true", help="record budgets, bids and metrics too")
    more = more_options(parser)
    more("--calls", type=int, default=500, metavar="N", help="most calls (500)")
    more("--per-minute", type=int, default=60, metavar="N", help="most calls a minute (60)")
    more("--port", type=int, default=0, help="port of the proxy (0: a free one)")
    more("--key", type=Path, metavar="FILE", help="key of the pseudonyms (default: a new one)")
    more(
        "--allow-writes",
        action="store_true",
        help="also send calls that change a profile proved to be a test account",
    )
    add("words", nargs=argparse.REMAINDER, metavar="-- CMD …", help="the command to record")


def run(arguments: argparse.Namespace) -> int:
    """Record a command, or until a signal; return the exit code."""
    from adsmock.mockserver.edge.tls import MISSING, is_available  # noqa: PLC0415 -- help needs none

    if not arguments.allow_upstream:
        return _refuse("record sends calls to Amazon's hosts: add --allow-upstream to allow them")
    if arguments.calls < 1 or arguments.per_minute < 1:
        return _refuse("--calls and --per-minute must be at least 1")
    if not is_available():
        return _refuse(MISSING)
    try:
        session = _session(arguments)
    except FileExistsError:
        return _refuse(f"{arguments.out} exists: choose another file with --out")
    except OSError as error:
        return _refuse(f"{error.filename or arguments.out}: {error.strerror}")
    return _record(arguments, session)


def _session(arguments: argparse.Namespace) -> Session:
    from adsmock.mockserver.core import seeded_random  # noqa: PLC0415 -- help needs none of it
    from adsmock.mockserver.recorder import Budget, Redactor, Session, Upstream  # noqa: PLC0415 -- as above
    from adsmock.mockserver.recorder.har_file import HarFile  # noqa: PLC0415 -- as above
    from adsmock.mockserver.recorder.policy import Policy  # noqa: PLC0415 -- as above
    from adsmock.mockserver.recorder.pseudonym import Pseudonyms  # noqa: PLC0415 -- as above

    key = arguments.key.read_bytes() if arguments.key else b""
    key = key or seeded_random.unpredictable(_KEY_BYTES).encode()
    return Session(
        Policy(allow_writes=arguments.allow_writes),
        Budget(arguments.calls, arguments.per_minute),
        Upstream(),
        Redactor(Pseudonyms(key), keep_amounts=arguments.keep_amounts),
        HarFile(arguments.out, amounts="kept" if arguments.keep_amounts else "dropped"),
    )


def _record(arguments: argparse.Namespace, session: Session) -> int:
    from adsmock.mockserver.recorder import RecordingProxy  # noqa: PLC0415 -- as above

    words = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
    with (
        tempfile.TemporaryDirectory() as folder,
        RecordingProxy(session, port=arguments.port) as proxy,
    ):
        certificate = Path(folder) / "adsmock-ca.pem"
        certificate.write_bytes(proxy.certificate)
        variables = child_environment.environment(proxy.url, certificate, os.environ)
        code = _command(words, variables) if words else _until_signal(variables)
    session.file.close()
    _say(
        f"adsmock record: {session.file.count} calls in {arguments.out}"
        + (f"; {sum(session.refused.values())} not sent:" if session.refused else "")
    )
    for reason, count in session.refused.items():
        _say(f"  {count} x {reason}")
    return code or (0 if session.file.count else EMPTY)


def _command(words: list[str], variables: dict[str, str]) -> int:
    try:
        return subprocess.run(words, env=os.environ | variables, check=False).returncode  # noqa: S603 -- the user's command
    except OSError as error:
        _say(f"adsmock record: {words[0]}: {error.strerror}")
        return NOT_FOUND


def _until_signal(variables: dict[str, str]) -> int:
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    for name in ("HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        sys.stdout.write(f"export {name}={variables[name]}\n")
    sys.stdout.write("# Run your program with these variables. Stop with Ctrl+C.\n")
    sys.stdout.flush()
    stop.wait()
    return 0


def _refuse(reason: str) -> int:
    _say(f"adsmock record: {reason}")
    return USAGE


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
