from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.suite.report.html.lane import CALLS_PER_LANE, CHAINS_SHOWN, groups
from adsmock.harness.suite.report.html.layout import (
    CHARACTER_PX,
    WIDE_PX,
    _edges,
    axis,
    draw,
    percent,
    ticks,
)
from adsmock.harness.suite.report.html.timeline import duration, moment

NOBODY = frozenset()


def at(position: str) -> float:
    return float(position.removesuffix("%"))


def chains(entries, timebase="monotonic", limits=None):
    return groups(entries, timebase, NOBODY, limits or {})[0]


def test_allowed_from_is_the_send_time_plus_retry_after(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, "3"), (3.996, 200, None)]))
    picture = draw(group.lanes[0], group)
    # Answered at 0.004 s, allowed at 3.004 s; the second call is answered at 4.004 s.
    assert at(picture.gates[0].x) == pytest.approx(100 * 3.004 / 4.004, abs=0.01)
    assert at(picture.zones[0].x) == pytest.approx(100 * 0.004 / 4.004, abs=0.01)
    assert at(picture.zones[0].width) == pytest.approx(100 * 3 / 4.004, abs=0.01)
    assert [label.text for label in picture.allowed] == ["allowed +3 s"]
    assert [label.text for label in picture.answers] == ["429", "200"]


def test_wait_bar_runs_from_the_reply_to_the_next_arrival(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, None), (2.0, 429, None), (1.0, 200, None)]))
    picture = draw(group.lanes[0], group)
    span = group.span
    assert [at(wait.width) for wait in picture.waits] == pytest.approx(
        [100 * 2 / span, 100 * 1 / span], abs=0.01
    )
    assert [label.text for label in picture.lengths] == ["2 s", "1 s"]


def test_an_early_call_is_marked_in_shape_and_words(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, "3"), (1.02, 200, None)]))
    lane = group.lanes[0]
    assert lane.dots[1].early == pytest.approx(1.98)
    picture = draw(lane, group)
    assert "early" in picture.marks[1].css
    assert "early" in picture.waits[0].css
    assert "1.98 s earlier than allowed" in picture.description


def test_what_the_judge_lets_pass_is_not_drawn_early(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, "3"), (2.96, 200, None)]))
    assert group.lanes[0].dots[1].early == 0.0


def test_allowed_from_of_a_check_is_used_where_no_header_was_sent(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 503, None), (4.0, 200, None)]), limits={2: 5002.0})
    assert group.lanes[0].dots[0].allowed == pytest.approx(2.0)


def test_the_last_gate_is_inside_the_picture_even_when_the_client_gave_up(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, "1"), (1.0, 429, "40")]))
    picture = draw(group.lanes[0], group)
    assert at(picture.gates[-1].x) == pytest.approx(100.0)


def test_each_timebase_reads_its_own_clock(entry):
    row = entry(1, 0.0, cArrive=70.0, cSend=71.0, tArrive=5.0, tSend=8.0, retryAfter="2")
    assert moment(row, "sandbox").allowed == 73.0
    assert moment(row, "monotonic").allowed == 10.0


def test_retry_after_as_a_date_is_carried_over_to_the_timebase(entry):
    date = "Wed, 01 Jul 2026 12:00:30 GMT"
    row = entry(1, 0.0, 429, retryAfter=date, cSend=1_782_907_200.0, tSend=5.0, tArrive=5.0)
    assert moment(row, "monotonic").allowed == pytest.approx(35.0)
    assert moment(row, "sandbox").allowed == pytest.approx(1_782_907_230.0)


@pytest.mark.parametrize("text", [None, "", "soon", "-3", "nan", "1e9", "3;4", "9" * 40])
def test_a_retry_after_that_says_nothing_closes_nothing(entry, text):
    assert moment(entry(1, 0.0, 429, retryAfter=text), "monotonic").allowed is None


def test_a_call_without_an_answer_lasts_until_its_connection_ended(entry):
    row = entry(1, 0.0, 0, tArrive=5.0, tSend=0.0, tEnd=9.0, ended="reset")
    assert moment(row, "monotonic").send == 9.0


def test_every_chain_has_its_own_scale_and_axis(chain):
    rows = chain("T01", 1, 0.0, [(0, 429, None), (300.0, 200, None)], chain="slow")
    rows += chain("T01", 3, 0.0, [(0, 429, None), (2.0, 200, None)], chain="fast")
    kinds = {group.kind: group for group in groups(rows, "monotonic", NOBODY, {})}
    group = kinds["chains"]
    assert [round(group.span_of(lane)) for lane in group.lanes] == [300, 2]
    pictures = [draw(lane, group) for lane in group.lanes]
    assert [at(picture.marks[-1].x) for picture in pictures] == pytest.approx([100, 100])
    assert [picture.axis[-1].text for picture in pictures] == ["5 min", "2 s"]
    assert axis(group) == ()
    assert len(kinds["routes"].lanes) == 1


def test_a_lane_names_its_faults(chain):
    group = chains(chain("T01", 1, 0.0, [(0, 429, None), (1.0, 429, None), (2.0, 200, None)]))
    assert draw(group.lanes[0], group).fault_names == ("T01-1 (http)", "T01-2 (http)")


def grant(entry, seq, at, status=200):
    return entry(seq, at, status, operation="lwa.token", route="/auth/o2/token", chain="grants")


def test_successful_grants_do_not_squeeze_the_calls(entry, chain):
    calls = chain("T01", 1, 10.0, [(0, 429, None), (2.0, 200, None)])
    rows = [grant(entry, 11, 0.0), *calls, grant(entry, 12, 3600.0)]
    drawn = groups(rows, "monotonic", NOBODY, {})
    assert [group.kind for group in drawn] == ["chains", "routes"]
    assert drawn[-1].span < 3
    assert drawn[-1].grants == 2


@pytest.mark.parametrize(
    ("status", "named"), [(400, NOBODY), (200, frozenset({11}))], ids=["refused", "evidence"]
)
def test_a_grant_that_says_something_is_drawn(entry, chain, status, named):
    calls = chain("T01", 1, 10.0, [(0, 429, None), (2.0, 200, None)])
    rows = [grant(entry, 11, 0.0, status), *calls]
    drawn = groups(rows, "monotonic", NOBODY, {}, named)
    assert [lane.route for lane in drawn[-1].lanes] == ["/auth/o2/token", "/sp/campaigns/list"]
    assert drawn[-1].grants == 0


def test_chains_with_evidence_are_drawn_when_not_all_fit(chain):
    rows = []
    for index in range(CHAINS_SHOWN + 5):
        steps = [(0, 429, None), (1.0, 200, None)]
        rows += chain("T01", 1 + 2 * index, float(index), steps, chain=f"c{index}")
    last = rows[-1]["seq"]
    group = groups(rows, "monotonic", frozenset({last}), {})[0]
    assert len(group.lanes) == CHAINS_SHOWN
    assert group.hidden == 5
    assert group.lanes[-1].dots[-1].seq == last


def test_a_lane_of_very_many_calls_says_how_many_it_draws(entry):
    rows = [entry(seq, seq / 10) for seq in range(1, CALLS_PER_LANE + 31)]
    group = chains(rows)
    assert group.lanes[0].hidden == 30
    assert f"the first {CALLS_PER_LANE} shown" in draw(group.lanes[0], group).note


def test_calls_of_a_frozen_clock_keep_their_order(entry):
    routes = ["/sp/campaigns", "/sp/adGroups", "/sp/campaigns"]
    rows = [
        entry(seq, 0.0, route=route, chain=str(seq), cSend=1_782_907_200.0)
        for seq, route in enumerate(routes, start=1)
    ]
    group = chains(rows, "sandbox")
    assert group.kind == "order"
    places = [[at(mark.x) for mark in draw(lane, group).marks] for lane in group.lanes]
    assert places == [[0, 100], [50]]
    assert [label.text for label in axis(group)] == ["call 1", "call 2", "call 3"]


def test_attempts_without_any_wait_are_drawn_one_after_the_other(chain):
    rows = chain("T01", 1, 0.0, [(0, 503, None), (0, 503, None), (0, 200, None)])
    for row in rows:
        row.update(cArrive=1_782_907_200.0, cSend=1_782_907_200.0)
    group = groups(rows, "sandbox", NOBODY, {})[0]
    picture = draw(group.lanes[0], group)
    assert group.kind == "instant"
    assert [at(mark.x) for mark in picture.marks] == [0, 50, 100]
    assert (picture.waits, picture.lengths) == ((), ())
    assert "3 attempts at once" in picture.note
    assert " at " not in picture.description.split(":", 1)[1]


def test_no_calls_make_no_picture():
    assert groups([], "monotonic", NOBODY, {}) == ()


@given(
    times=st.lists(st.floats(0, 1e6), min_size=1, max_size=30),
    retry=st.lists(st.integers(0, 10**6) | st.none(), min_size=30, max_size=30),
)
def test_everything_stays_inside_the_picture_and_no_labels_overlap(entry, times, retry):
    rows = [
        entry(seq, at, 429, retryAfter=None if wait is None else str(wait))
        for seq, (at, wait) in enumerate(zip(sorted(times), retry, strict=False), start=1)
    ]
    for group in groups(rows, "monotonic", NOBODY, {}):
        for lane in group.lanes:
            picture = draw(lane, group)
            for shape in (*picture.zones, *picture.waits, *picture.bars):
                assert at(shape.x) >= 0
                assert at(shape.width) >= 0
                assert at(shape.x) + at(shape.width) <= 100.01
            for labels in (picture.answers, picture.faults, picture.allowed):
                edges = [_edges(at(label.x), label.text, WIDE_PX) for label in labels]
                assert all(first[1] <= second[0] + 0.1 for first, second in pairwise(edges))


@given(span=st.floats(1.0, 1e8))
def test_axis_has_few_round_ticks(span):
    labels = ticks(span)
    assert labels[0].text == "0"
    assert 2 <= len(labels) <= 7
    assert all(len(label.text) * CHARACTER_PX < WIDE_PX / 7 for label in labels)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (1.0, ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]),
        (26.0, ["0", "5 s", "10 s", "15 s", "20 s", "25 s"]),
        (479.0, ["0", "2 min", "4 min", "6 min"]),
        (86400.0 * 30, ["0", "5 d", "10 d", "15 d", "20 d", "25 d", "30 d"]),
    ],
)
def test_axis_counts_in_the_units_of_its_length(span, words):
    assert [label.text for label in ticks(span)] == words


def test_percent_of_an_empty_span_is_the_left_end():
    assert percent(3.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.0042, "4 ms"),
        (0.0999, "0.1 s"),
        (3.02, "3.02 s"),
        (30, "30 s"),
        (59.999, "1 min"),
        (250, "4 min 10 s"),
        (3600, "1 h"),
        (3661, "1 h 1 min"),
        (93600, "1 d 2 h"),
        (-1.5, "-1.5 s"),
    ],
)
def test_duration_is_shown_in_human_units(seconds, words):
    assert duration(seconds) == words
