"""Rehearsals for tests. Work bounds them, not seconds: one lasts as long as its machine needs."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs

from adsmock.loadtests import generator

ADSMOCK = str(Path(sys.executable).with_name("adsmock"))
SCHEMA = Path(generator.__file__).parent.parent / "contracts" / "meta" / "load.schema.json"

HANGS = 300
"""Seconds beyond its duration after which a run hangs, on a machine ten times slower than most."""

LONGEST = 100
"""Seconds that the longest run may last: a machine that needs more is of no use for a rehearsal."""

PATIENCE = 900
"""The timeout of a test that repeats its runs, in seconds."""


def run(*words, hangs=HANGS, **more):
    """Run adsmock with these arguments, and return the completed process."""
    return subprocess.run(
        [ADSMOCK, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=hangs,
        check=False,
        **more,
    )


def read(folder, done):
    """Return the document of a run, which agrees with its schema, exit code and output."""
    assert (folder / "run.json").exists(), done.stdout + done.stderr
    document = json.loads((folder / "run.json").read_text())
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).validate(document)
    assert done.returncode == document["verdict"]["exit"]
    assert document["verdict"]["statement"] in done.stdout
    return document


def rehearse(control, folder, seconds, *options):
    """Rehearse for a number of seconds; return the document and what was printed."""
    (folder / "run.json").unlink(missing_ok=True)  # of a shorter run
    words = ("--server", control, "--report-dir", folder, "--duration", f"{seconds}s", *options)
    done = run("load", *words, hangs=seconds + HANGS)
    return read(folder, done), done.stdout


def rehearse_until(is_enough, control, folder, seconds, *options):
    """Rehearse, and again for twice as long, until a document has what a test needs.

    The last document is returned, enough or not: what it lacks, the test's assertions name.
    """
    while True:
        found = rehearse(control, folder, seconds, *options)
        if is_enough(found[0]) or seconds * 2 > LONGEST:
            return found
        sys.stderr.write(f"{seconds} s were too short on this machine: {found[0]['calls']}\n")
        seconds *= 2


def missed(document, *, timed=None):
    """Return the names of the missed thresholds: all, or those that time can(not) explain."""
    return {
        row["name"]
        for row in document["findings"]
        if not row["holds"] and timed in (None, row["timed"])
    }
