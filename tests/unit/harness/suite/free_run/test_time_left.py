"""The time that rounds take: estimated, bounded, corrected by what they really took."""

from adsmock.harness.suite.free_run.time_left import TimeLeft


class Watch:
    """A clock that a test sets."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


def rounds(*estimates, now=None, at_once=1, limit=300):
    return TimeLeft(now or Watch(), estimates, at_once, limit)


def test_estimate_and_upper_limit_are_known_before_the_first_round():
    words = "about 5 min, at most 10 min (--timeout 300 s for each round)"

    assert rounds(120, 120, 120, 120, at_once=2, limit=300).bounds.startswith("about 4 min")
    assert rounds(290, 290, 20, at_once=2, limit=300).bounds == words


def test_slow_jobs_lengthen_the_upper_limit():
    words = "about 5 min, at most 10 min (--timeout 300 s for each round, and 5 min of slow jobs)"

    assert TimeLeft(Watch(), [290], 1, 300, 300).bounds == words


def test_estimate_is_never_below_the_longest_round_nor_above_the_limit():
    assert rounds(240, 10, at_once=2).bounds.startswith("about 4 min, at most 5 min")
    assert rounds(600, limit=60).bounds.startswith("about 1 min, at most 1 min")


def test_time_left_follows_the_rounds_that_ended():
    now = Watch()
    left = rounds(60, 60, 60, 60, now=now)
    assert left.words == "about 4 min left"

    now.at += 60
    left.note(60)
    assert left.words == "about 3 min left"


def test_slow_rounds_lengthen_what_is_left():
    now = Watch()
    left = rounds(60, 60, 60, 60, now=now)
    now.at += 180
    left.note(60)

    assert left.words == "about 6 min left"


def test_nothing_is_left_after_the_last_round():
    left = rounds(60)
    left.note(60)

    assert left.words == "all rounds have ended"


def test_last_two_minutes_are_shown_in_seconds():
    now = Watch()
    left = rounds(60, 60, 60, now=now)
    assert left.words == "about 3 min left"

    now.at += 61
    left.note(61)
    assert left.words == "about 120 s left"

    now.at += 70
    left.note(70)
    assert left.words == "about 50 s left"
