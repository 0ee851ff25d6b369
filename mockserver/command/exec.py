"""``adsmock exec -- CMD``: start a mock and run a program against it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from adsmock.cli import child_environment
from adsmock.mockserver.command import exec_summary, exec_verdict, idle_scenario, no_contact
from adsmock.mockserver.command.initial_state import apply, control_calls
from adsmock.mockserver.command.push_options import SECRET_VARIABLE
from adsmock.mockserver.command.serve import add_mock_flags, keep_pauses_short, make_mock
from adsmock.mockserver.control.client import ControlError
from adsmock.mockserver.edge.tls import MISSING, is_available

if TYPE_CHECKING:
    from adsmock.mockserver.app import Mock

SUMMARY = "Start a mock and run a command against it."
WORKFLOW = "run"
EXAMPLES = """examples:
  adsmock exec -- python your_script.py
  adsmock exec --invent 20 --summary -- node sync.js      demo data; what the mock saw
  adsmock exec --scenario region-dark -- ./nightly.sh     with the faults of a scenario
  adsmock exec --scenario prime-day --over 2m --judge -- ./nightly.sh   76 hours in 2 minutes
  adsmock exec --seed 7 --journal full -- pytest tests/integration
  adsmock exec --judge -- pytest tests/integration   verdicts of all invariants at the end

The environment of the command contains ADS_NA, ADS_EU, ADS_FE, LWA_NA, LWA_EU, LWA_FE,
CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, PROFILE_ID, PROFILE_ID_NA, PROFILE_ID_EU,
PROFILE_ID_FE, ADSMOCK_CONTROL and ADSMOCK_SANDBOX. AWS SDKs reach the inbox of Marketing
Stream by AWS_ENDPOINT_URL_SQS, _SNS, _S3 and _FIREHOSE, with keys that are not real. With
--stream-webhook there is ADSMOCK_WEBHOOK_SECRET, too.

Programs with hard-coded Amazon hosts reach the mock too: HTTPS_PROXY and the variables with which
Python, Node, curl, PHP and Java (JAVA_TOOL_OPTIONS) trust a certificate are set."""

USAGE = 2
CANNOT_RUN = 126
NOT_FOUND = 127
_SIGNALLED = 128

_FORWARDED = (signal.SIGINT, signal.SIGTERM)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``exec``."""
    add_mock_flags(parser, port=0)
    add = parser.add_argument
    add("--summary", action="store_true", help="print the calls by operation at the end")
    add("--judge", action="store_true", help="judge the calls at the end; exit 1 if a MUST broke")
    add(
        "--report-dir",
        default="adsmock-report",
        metavar="DIR",
        help="reports of --judge (%(default)s)",
    )
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="-- CMD …", help="the command to run"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit code, 128 + n when signal n ended it.

    With ``--judge``, a 0 becomes 1 when the command broke a MUST, and 3 when a MUST is undecided,
    no call came, or the scenario did nothing while it ran.
    """
    words = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
    if not words:
        _say("adsmock exec: no command; usage: adsmock exec [options] -- CMD …")
        return USAGE
    mock = _make_mock(arguments)
    if mock is None:
        return USAGE
    with mock:
        try:
            apply(control_calls(arguments), mock.control)
        except ControlError as error:
            _say(f"adsmock exec: the start state was refused: {error}")
            return USAGE
        code = _run_command(words, os.environ | environment(mock))
    if code in {CANNOT_RUN, NOT_FOUND}:
        return code
    for line in _counted(mock, arguments):
        _say(line)
    verdict = _verdict(mock, words[0], code, arguments) if arguments.judge else 0
    idle = _idle_scenario(mock, arguments)
    if idle:
        _say(f"adsmock exec: {idle}")
        verdict = verdict or (idle_scenario.NOTHING_PROVEN if arguments.judge else 0)
    return exec_verdict.combined(code, verdict)


def _verdict(mock: Mock, program: str, code: int, arguments: argparse.Namespace) -> int:
    """Judge the calls, and say where the command's own exit code is that of the run."""
    verdict = exec_verdict.judge(mock, program, arguments.report_dir)
    if failure := exec_verdict.own_failure(code):
        _say(f"adsmock exec: {failure}")
    return verdict


def _counted(mock: Mock, arguments: argparse.Namespace) -> Iterator[str]:
    """Yield what the mock saw, and why a program made no call that belongs to a client."""
    yield from full_summary(mock) if arguments.summary else [summary(mock)]
    orphans = mock.runtime.metrics.orphans
    if not mock.runtime.metrics.calls:
        yield f"adsmock exec: {no_contact.reason(mock.runtime.sandboxes.orphans.rows())}"
    elif not exec_verdict.known_calls(mock):
        yield f"adsmock exec: {no_contact.of_nobody(orphans)}"


def _idle_scenario(mock: Mock, arguments: argparse.Namespace) -> str | None:
    """Return that the scenario did nothing, None without one or without a complete journal."""
    sandboxes = mock.runtime.sandboxes.all()
    is_cut = any(sandbox.journal.dropped for sandbox in sandboxes)
    if arguments.scenario is None or arguments.journal == "off" or is_cut:
        return None
    entries = [entry for sandbox in sandboxes for entry in sandbox.journal.rows()]
    return idle_scenario.idle(arguments.scenario, arguments.over, entries)


def _make_mock(arguments: argparse.Namespace) -> Mock | None:
    """Return the mock for the command, or None after printing an error."""
    arguments.tls = is_available()
    if arguments.judge:
        arguments.journal = "full"  # chains and items need the bodies
    elif arguments.summary and arguments.journal == "off":
        arguments.journal = "lean"  # there is nothing else to count
    mock: Mock | None = make_mock(arguments)
    if mock is not None and not arguments.tls:
        _say(f"adsmock exec: Amazon's host names do not reach this mock. {MISSING}")
    keep_pauses_short()
    return mock


def environment(mock: Mock) -> dict[str, str]:
    """Return the environment variables with URLs and credentials of the mock."""
    sandbox = mock.default
    credentials = sandbox.credentials
    variables = {
        "CLIENT_ID": credentials.client_id,
        "CLIENT_SECRET": credentials.client_secret,
        "REFRESH_TOKEN": credentials.refresh_token,
        "ADSMOCK_CONTROL": mock.control_url,
        "ADSMOCK_SANDBOX": sandbox.id,
    }
    if mock.control_token:
        variables["ADSMOCK_CONTROL_TOKEN"] = mock.control_token
    variables |= aws_variables(mock.aws_url, credentials.client_id)
    targets = mock.settings.push
    variables |= {
        f"AWS_ENDPOINT_URL_{name.upper()}": url for name, url in targets.endpoints.items()
    }
    if targets.webhook:
        variables[SECRET_VARIABLE] = targets.secret
    for region, urls in mock.urls.items():
        variables[f"ADS_{region}"] = urls["ads"]
        variables[f"LWA_{region}"] = urls["lwa"]
    for profile in sandbox.profiles.values():
        variables.setdefault("PROFILE_ID", profile.id)
        variables.setdefault(f"PROFILE_ID_{profile.region}", profile.id)
    secure = mock.secure
    if secure:
        variables |= child_environment.environment(secure["proxy"], Path(secure["ca"]), os.environ)
    return variables


def aws_variables(url: str, client_id: str) -> dict[str, str]:
    """Return the variables that lead AWS SDKs to SQS, SNS, S3 and Firehose of a sandbox.

    The access key id is the client id: it selects the sandbox. Nothing checks the secret key.
    """
    return {
        "AWS_ENDPOINT_URL_SQS": url,
        "AWS_ENDPOINT_URL_SNS": url,
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ENDPOINT_URL_FIREHOSE": url,
        "AWS_ACCESS_KEY_ID": client_id,
        "AWS_SECRET_ACCESS_KEY": "adsmock",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }


def summary(mock: Mock) -> str:
    """Return one line: how many calls the mock answered, by status."""
    counts: Counter[int] = Counter()
    for (_, _, status), calls in mock.runtime.metrics.calls.items():
        counts[status] += calls
    by_status = ", ".join(f"{status}: {calls}" for status, calls in sorted(counts.items()))
    orphans = mock.runtime.metrics.orphans
    strays = f"; {orphans} of no known client" if orphans else ""
    total = counts.total()
    of_all = f"{total} call{'' if total == 1 else 's'}"
    return f"adsmock: {of_all}" + (f" ({by_status})" if by_status else "") + strays


def full_summary(mock: Mock) -> Iterator[str]:
    """Yield the lines of ``--summary``."""
    sandboxes = mock.runtime.sandboxes.all()
    entries = [entry for sandbox in sandboxes for entry in sandbox.journal.rows()]
    dropped = sum(sandbox.journal.dropped for sandbox in sandboxes)
    orphans = mock.runtime.metrics.orphans
    return exec_summary.lines(entries, orphans=orphans, dropped=dropped)


def _run_command(words: list[str], variables: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(words, env=variables)  # noqa: S603 -- the user's own command
    except FileNotFoundError:
        _say(f"adsmock exec: {words[0]}: command not found: check the name and PATH")
        return NOT_FOUND
    except OSError as error:
        _say(f"adsmock exec: {words[0]}: {error.strerror}")
        return CANNOT_RUN
    with _forwarding(process):
        code = process.wait()
    return code if code >= 0 else _SIGNALLED - code


@contextmanager
def _forwarding(process: subprocess.Popen[bytes]) -> Generator[None, None, None]:
    """Forward signals to the command while it runs; its exit code ends this process."""

    def forward(number: int, _: FrameType | None) -> None:
        if process.poll() is None:
            process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
