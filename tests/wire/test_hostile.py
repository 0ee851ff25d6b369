"""The corpus of hostile requests: large enough, and a part of it against a small server."""

import pytest

from tests.bench.hostile.corpus import CORPUS
from tests.bench.hostile.run import Rehearsal, aims

pytestmark = pytest.mark.one_python

SAMPLE = (
    "900 invalid items",
    "1,024 levels",
    "deep without a token",
    "15 MiB of a=&",
    "50 MiB of headers",
    "a URL of 70,000 bytes",
    "half an address",
    "12 unfinished control bodies",
    "list by state and name",
    "1 MiB of invalid rules",
    "journal as HAR",
    "state out",
)


def test_the_corpus_has_at_least_sixty_attacks():
    assert len(CORPUS) >= 60
    assert set(SAMPLE) <= set(CORPUS)


@pytest.mark.slow
def test_a_sample_causes_no_unplanned_5xx_and_no_traceback():
    with Rehearsal(stored=2_000) as rehearsal:
        outcomes = [rehearsal.calm(0.2), *map(rehearsal.attack, SAMPLE)]
        assert rehearsal.tracebacks == 0
    by_what = {aim.what: aim for aim in aims(outcomes)}
    assert by_what["unplanned replies of 5xx"].is_held
    assert by_what["growth of the process"].is_held
    answered = {one.name: one.statuses for one in outcomes}
    assert answered["50 MiB of headers"] == [431]
    assert answered["a URL of 70,000 bytes"] == [414]
    assert set(answered["list by state and name"]) == {200}
