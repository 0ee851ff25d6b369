"""What ``make demo`` prints fits on two screens, with and without a terminal."""

import os
import pty
import re
import select
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[2]
COLUMNS, SCREEN = 80, 45

RUN = re.compile(r"^\t(?:@|)\$\(BIN\)/(adsmock conform [^|\\\n]+)", re.MULTILINE)


def commands(tmp_path):
    """Return the commands of the target, with report folders of their own."""
    text = (ROOT / "Makefile").read_text("utf-8").partition("\ndemo:")[2].partition("\n\n")[0]
    found = [shlex.split(line) for line in RUN.findall(text)]
    assert len(found) == 2
    for words in found:
        words[words.index("--report-dir") + 1] = str(tmp_path / words[-1])
        words[0] = str(Path(sys.executable).with_name("adsmock"))
    return found


def piped(words):
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": str(COLUMNS)},
    )
    return done.returncode, done.stdout + done.stderr


def in_terminal(words):
    """Run a command in a terminal; return its exit code and the text without erased lines."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(COLUMNS), "LINES": str(SCREEN), "TERM": "xterm"}
    with subprocess.Popen(words, stdout=theirs, stderr=theirs, env=environment) as program:
        os.close(theirs)
        said = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # the terminal is closed
                break
            if not part:
                break
            said += part
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode())
    lines = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
    return program.returncode, "\n".join(line for line in lines if "━" not in line)


@pytest.mark.slow
@pytest.mark.parametrize("run", [piped, in_terminal])
def test_the_demo_fits_on_two_screens_and_shows_failures_first(run, tmp_path):
    reference, broken = commands(tmp_path)
    code, conformant = run(reference)
    assert code == 0, conformant
    assert "conformant: every MUST check passed" in conformant
    code, caught = run(broken)
    assert code == 1, caught

    # A slow machine prints more lines of progress.
    said = [*conformant.splitlines(), *caught.splitlines()]
    lines = [line for line in said if not re.match(r"\d+/\d+ cases", line)]
    assert len(lines) + 8 <= 2 * SCREEN  # the target itself prints eight lines
    assert max(len(line) for line in lines if not line.startswith("report: ")) <= COLUMNS
    assert caught.index("FAIL T01.early") < caught.index("throttling  ")
    assert re.search(r"FAIL T01\.early .*\n  call sp\.campaigns\.list in NA at .*request", caught)
