"""What a pass achieved, and how it compares with the passes without faults."""

import pytest

from adsmock.harness.suite.free_run.achievement import achieved, compared, intent, settled
from tests.unit.harness.suite.free_run.traffic_samples import played
from tests.unit.harness.suite.journal_rows import call, outcomes


def campaign(name, number="1"):
    return {"campaignId": number, "name": name}


def creating(*names):
    rows = [campaign(name, str(number)) for number, name in enumerate(names, 1)]
    return played(
        created={"11": {"sp.campaigns": rows}},
        before={"11": {}},
        after={"11": {"sp.campaigns": rows}},
    )


def work_of(clean, later, faulty):
    found = compared(intent(achieved(clean), achieved(later)), achieved(faulty))
    lost = [one.name for one in found if one.is_lost]
    return lost, [one.name for one in found if one.is_doubled]


def test_same_work_is_neither_lost_nor_doubled():
    assert work_of(creating("a", "b"), creating("a", "b"), creating("b", "a")) == ([], [])


def test_missing_entity_is_lost():
    assert work_of(creating("a", "b"), creating("a", "b"), creating("a")) == (["b"], [])


def test_entity_with_the_same_name_is_doubled():
    assert work_of(creating("a"), creating("a"), creating("a", "a")) == ([], ["a"])


def test_renamed_retry_is_doubled_work():
    lost, doubled = work_of(creating("a"), creating("a"), creating("a", "a (retry)"))

    assert (lost, len(doubled)) == ([], 1)


def test_names_that_differ_in_each_run_are_compared_by_number():
    clean, later = creating("sync 1", "fixed"), creating("sync 2", "fixed")

    assert work_of(clean, later, creating("sync 3", "fixed")) == ([], [])
    assert work_of(clean, later, creating("fixed")) == ([""], [])
    assert work_of(clean, later, creating("sync 3", "sync 4", "fixed")) == ([], [""])


STAMPS = [
    ("20261201-190013", "20261201-190015", "20261201-190142"),  # a second
    ("20261201-1900", "20261201-1900", "20261201-1901"),  # a minute
    ("2026-12-01 23:59", "2026-12-01 23:59", "2026-12-02 00:01"),
    ("2026-12-01T19:00:13.123Z", "2026-12-01T19:00:15.523Z", "2026-12-01T19:01:42.003Z"),
    ("2026-12-01", "2026-12-01", "2026-12-02"),  # a day
    ("01.12.2026", "01.12.2026", "02.12.2026"),
    ("190013", "190015", "190142"),
    ("19:00", "19:00", "19:01"),
    ("1905", "1905", "1906"),
    ("1796151322", "1796151322", "1796151399"),  # seconds since 1970
    ("1796151322.296", "1796151322.296", "1796151399.001"),
    ("1796151322296", "1796151322296", "1796151399001"),
]


@pytest.mark.parametrize("same_start", [False, True], ids=["apart", "at once"])
@pytest.mark.parametrize("stamps", STAMPS, ids=[one[0] for one in STAMPS])
def test_time_in_a_name_may_differ_but_a_renamed_retry_is_doubled_work(stamps, same_start):
    def season(stamp, *more):
        names = [f"Season {stamp} {number}" for number in (1, 2)]
        return creating(*names, *(one.format(stamp) for one in more))

    first, second, third = stamps
    second = first if same_start else second

    def work(*names):
        return work_of(season(first), season(second), *names)

    assert work(season(third)) == ([], [])
    assert work(season(third, f"Season {first} 2"))[1] != []
    assert work(season(third, "Season {} 2 v2"))[1] == [f"Season {third} 2 v2"]
    lost, doubled = work(creating(f"Season {third} 1"))
    assert (len(lost), doubled) == (1, [])


def test_other_amount_is_a_lost_change_although_it_has_four_digits():
    def raised(name, budget):
        before = {"11": {"sp.campaigns": [{"campaignId": "700000001", "name": "a", "budget": 9}]}}
        new = {"campaignId": "700000001", "name": name, "budget": budget}
        return played(before=before, after={"11": {"sp.campaigns": [new]}})

    clean, later = raised("run 1905", 1200), raised("run 1906", 1200)

    for second in (clean, later):
        assert work_of(clean, second, raised("run 1907", 1200)) == ([], [])
        assert work_of(clean, second, raised("run 1907", 1300))[0] != []


def test_parents_are_compared_by_name():
    def tree(campaign_id):
        group = {"adGroupId": "9", "campaignId": campaign_id, "name": "group"}
        rows = {"sp.campaigns": [campaign("a", campaign_id)], "sp.adGroups": [group]}
        return played(created={"11": rows}, before={"11": {}}, after={"11": rows})

    assert work_of(tree("1"), tree("2"), tree("3")) == ([], [])


def test_other_value_than_without_faults_is_a_lost_change():
    def raised(bid):
        before = {"11": {"sp.keywords": [{"keywordId": "5", "bid": 1.0}]}}
        after = {"11": {"sp.keywords": [{"keywordId": "5", "bid": bid}]}}
        return played(before=before, after=after)

    assert work_of(raised(1.1), raised(1.1), raised(1.1)) == ([], [])
    assert work_of(raised(1.1), raised(1.1), raised(1.2))[0]


def pausing(name, state, *, status=207, attempts=1):
    """Return a pass that creates a campaign and pauses it, with the state at its end."""
    made = campaign(name, "7") | {"state": state, "budget": {"budget": 20.0}}
    request = {"campaigns": [{"campaignId": "7", "state": "PAUSED"}]}
    calls = [call("sp.campaigns.update", n, status, request=request) for n in range(attempts)]
    return played(
        *calls,
        created={"11": {"sp.campaigns": [made]}},
        before={"11": {}},
        after={"11": {"sp.campaigns": [made]}},
    )


def test_lost_change_of_an_entity_that_the_program_created_is_lost_work():
    clean = pausing("a", "PAUSED")

    assert work_of(clean, clean, pausing("a", "PAUSED", attempts=2)) == ([], [])
    assert work_of(clean, clean, pausing("a", "PAUSED", status=500)) == ([], [])
    lost = (['a {"state": "PAUSED"}'], [])
    assert work_of(clean, clean, pausing("a", "ENABLED", status=500)) == lost
    assert work_of(clean, clean, pausing("a", "ENABLED", attempts=0)) == lost


def launching_while_listing(create_at, *updates):
    """Return a pass that reads two pages of keywords at 1 s and 2 s, and creates one meanwhile."""
    made = {"keywordId": "7", "keywordText": "gift", "bid": 1.1 if updates else 1.0}
    request = {"keywords": [{"keywordId": "7", "bid": 1.1}]}
    calls = [
        call("sp.keywords.list", 1.0, nextToken="two", chain="one"),
        call("sp.keywords.list", 2.0, request={"nextToken": "two"}, chain="two"),
        call(
            "sp.keywords.create",
            create_at,
            207,
            request={"keywords": [{"keywordText": "gift"}]},
            reply=outcomes("keywords", {0: "7"}),
        ),
        *(call("sp.keywords.update", at, 207, request=request) for at in updates),
    ]
    return played(
        *calls,
        created={"11": {"sp.keywords": [made]}},
        before={"11": {}},
        after={"11": {"sp.keywords": [made]}},
    )


def lost_in(clean, faulty):
    found = compared(intent(settled(clean), settled(clean)), achieved(faulty))
    return [one.name for one in found if one.is_lost]


def test_change_of_an_entity_that_was_created_during_the_list_is_no_intended_work():
    """Another part of the program may create it before or after the page that would show it."""
    late = launching_while_listing(2.5)

    assert lost_in(launching_while_listing(1.5, 3.0), late) == []
    assert lost_in(launching_while_listing(0.5, 3.0), late) == ['gift {"bid": 1.1}']
    assert lost_in(launching_while_listing(2.5, 3.0), late) == ['gift {"bid": 1.1}']
    assert lost_in(launching_while_listing(1.5, 1.7), late) == ['gift {"bid": 1.1}']


def test_changes_of_created_entities_with_varying_names_are_compared_by_number():
    clean, later = pausing("run 1", "PAUSED"), pausing("run 2", "PAUSED")

    assert work_of(clean, later, pausing("run 3", "PAUSED")) == ([], [])
    assert work_of(clean, later, pausing("run 3", "PAUSED", attempts=0)) == ([""], [])


def pages(*chains, **more):
    return played(
        *(call("sp.campaigns.list", n, chain=one, **more) for n, one in enumerate(chains))
    )


def test_page_that_never_arrived_is_lost_and_one_read_twice_is_not_doubled():
    assert work_of(pages("1", "2"), pages("1", "2"), pages("1"))[0] == [""]
    assert work_of(pages("1", "2"), pages("1", "2"), pages("1", "2", "2", "3")) == ([], [])


def test_corrupt_answer_is_no_page():
    fault = {"id": "x", "kind": "truncate", "point": "on_wire"}

    assert work_of(pages("1"), pages("1"), pages("1", fault=fault))[0] == [""]


def test_archived_entity_is_work_of_the_archive_call():
    before = {"11": {"sp.campaigns": [campaign("a") | {"state": "PAUSED"}]}}
    after = {"11": {"sp.campaigns": [campaign("a") | {"state": "ARCHIVED"}]}}
    by_call = played(call("sp.campaigns.archive", 1), before=before, after=after)
    by_update = played(call("sp.campaigns.update", 1), before=before, after=after)

    assert [key.operation for key in achieved(by_call)] == ["sp.campaigns.archive"]
    assert [key.operation for key in achieved(by_update)] == ["sp.campaigns.update"]
