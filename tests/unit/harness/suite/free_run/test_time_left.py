"""The time that rounds take: estimated, bounded, corrected by what they really took."""

from adsmock.harness.suite.free_run.time_left import Length, TimeLeft


class Watch:
    """A clock that a test sets."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


def rounds(*estimates, now=None, at_once=1, limit=300):
    return TimeLeft(now or Watch(), [Length(each) for each in estimates], at_once, limit)


def test_estimate_and_upper_limit_are_known_before_the_first_round():
    words = "about 5 min, at most 10 min (--timeout 300 s for each round)"

    assert rounds(120, 120, 120, 120, at_once=2, limit=300).bounds.startswith("about 4 min")
    assert rounds(290, 290, 20, at_once=2, limit=300).bounds == words


def test_slow_jobs_lengthen_the_upper_limit():
    words = "about 5 min, at most 10 min (--timeout 300 s for each round, and 5 min of slow jobs)"

    assert TimeLeft(Watch(), [Length(290, slow=300)], 1, 300).bounds == words


def test_estimate_is_never_below_the_longest_round_nor_above_the_limit():
    assert rounds(240, 10, at_once=2).bounds.startswith("about 4 min, at most 5 min")
    assert rounds(600, limit=60).bounds.startswith("about 1 min, at most 1 min")


def test_time_left_follows_the_rounds_that_ended():
    now = Watch()
    left = rounds(60, 60, 60, 60, now=now)
    assert left.words == "about 4 min left"

    left.start(0)
    now.at += 60
    left.end(0)
    assert left.words == "about 3 min left"


def test_slow_rounds_lengthen_what_is_left():
    now = Watch()
    left = rounds(60, 60, 60, 60, now=now)
    left.start(0)
    now.at += 180
    left.end(0)

    assert left.words == "about 6 min left"


def test_running_round_shortens_what_is_left():
    now = Watch()
    left = rounds(200, 200, now=now)
    left.start(0)
    now.at += 100

    assert left.words == "about 5 min left"


def test_hanging_round_counts_until_its_limit():
    now = Watch()
    left = rounds(10, now=now)
    left.start(0)
    now.at += 20
    assert left.words == "about 20 s left"

    now.at += 80
    hanging = "about 100 s left; round 1 has run for 100 of at most 300 s"
    assert left.words == hanging

    now.at += 180
    assert left.words == "about 20 s left; round 1 has run for 280 of at most 300 s"

    now.at += 21
    assert left.words == "about 10 s left; round 1 has reached its limit of 300 s"


def test_hanging_round_does_not_delay_those_that_run_side_by_side_with_it():
    now = Watch()
    left = rounds(10, 10, 10, now=now, at_once=2, limit=100)
    left.start(0)
    left.start(1)
    now.at += 10
    left.end(1)
    now.at += 60

    assert left.words == "about 30 s left; round 1 has run for 70 of at most 100 s"


def test_slow_jobs_lengthen_the_limit_of_their_round():
    now = Watch()
    left = TimeLeft(now, [Length(10, slow=60)], 1, 300)
    left.start(0)
    now.at += 340

    assert left.words == "about 20 s left; round 1 has run for 340 of at most 360 s"


def test_nothing_is_left_after_the_last_round():
    left = rounds(60)
    left.start(0)
    left.end(0)

    assert left.words == "all rounds have ended"


def test_last_two_minutes_are_shown_in_seconds():
    now = Watch()
    left = rounds(60, 60, 60, now=now)
    assert left.words == "about 3 min left"

    left.start(0)
    now.at += 61
    left.end(0)
    left.start(1)
    assert left.words == "about 3 min left"

    now.at += 60
    left.end(1)
    assert left.words == "about 70 s left"
