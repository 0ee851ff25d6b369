"""The work of ``adsmock replay``: recordings, a mock for each, one comparison of all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.transport import RequestsTransport
from adsmock.harness.command.drift_summary import exit_code, lines
from adsmock.harness.command.failure import UsageError
from adsmock.harness.fidelity import Pair, compare
from adsmock.harness.fidelity.difference import Unchecked
from adsmock.harness.fidelity.formats import FormatError, Recording, read
from adsmock.harness.fidelity.replay import ReplayRun, replay
from adsmock.harness.fidelity.replay.run import SANDBOX
from adsmock.harness.fidelity.report import CaptureFacts, write
from adsmock.harness.suite.control import Plane, Server


def replay_files(files: Sequence[Path], folder: Path) -> int:
    """Replay every file on a sandbox of its own; return the exit code.

    Raises:
        UsageError: a file is no recording.
        ServerError: the mock did not start.
    """
    try:
        recordings = [read(file) for file in files]
    except (FormatError, UnicodeDecodeError) as error:
        raise UsageError(str(error)) from None
    clock = SystemClock()
    pairs: list[Pair] = []
    unchecked: list[Unchecked] = []
    began: list[float] = []
    with Server.started() as server:
        plane = Plane(server.control)
        try:
            for recording in recordings:
                found = replay(recording.exchanges, plane, RequestsTransport(clock=clock), clock)
                plane.delete_sandbox(SANDBOX)
                _say(recording, found)
                pairs += [_named(pair, recording, len(files)) for pair in found.pairs]
                unchecked += found.unchecked
                began.append(found.began)
        finally:
            plane.close()
    result = compare(pairs, unchecked)
    source = files[0].name if len(files) == 1 else f"{len(files)} recordings"
    capture = CaptureFacts.of("replay", source, max(began, default=clock.now()), pairs)
    document = write(result, capture, folder)
    for line in lines(document, folder):
        sys.stdout.write(line + "\n")
    return exit_code(document)


def _named(pair: Pair, recording: Recording, count: int) -> Pair:
    """Return a pair whose step also names the file, where there are several."""
    if count == 1:
        return pair
    step = f"{Path(recording.file).stem}: {pair.service.step}"
    return replace(
        pair, service=replace(pair.service, step=step), mock=replace(pair.mock, step=step)
    )


def _say(recording: Recording, found: ReplayRun) -> None:
    """Report what a file contained, where it was not all of it."""
    if recording.ignored:
        sys.stderr.write(
            f"{recording.file}: {recording.ignored} calls of other services were ignored\n"
        )
    for reason in dict.fromkeys(found.refused):
        sys.stderr.write(f"{recording.file}: an entity could not be rebuilt: {reason}\n")
