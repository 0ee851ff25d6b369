import pytest

from adsmock.loadtests.partition import partition
from adsmock.loadtests.work_queue import Target

REGIONS = ("NA", "NA", "NA", "EU", "EU", "EU", "FE", "FE", "FE")
TARGETS = tuple(
    Target(str(number), region, "XX", tuple(f"{number}.{at}" for at in range(6)), 0.02)
    for number, region in enumerate(REGIONS)
)


@pytest.mark.parametrize("of", [1, 2, 3, 5, 9])
def test_every_profile_is_one_processs_alone(of):
    portions = [partition(TARGETS, index, of) for index in range(of)]
    held = [each.profile_id for one in portions for each in one.targets]
    assert sorted(held) == [each.profile_id for each in TARGETS]
    assert {one.sharers for one in portions} == {1}


@pytest.mark.parametrize("of", [10, 18, 25])
def test_more_processes_than_profiles_share_keywords(of):
    portions = [partition(TARGETS, index, of) for index in range(of)]
    held = [word for one in portions for each in one.targets for word in each.keyword_ids]
    assert sorted(held) == sorted(word for each in TARGETS for word in each.keyword_ids)
    places = [(each.profile_id, one.place) for one in portions for each in one.targets]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(("of", "part"), [(1, 1), (2, 1 / 2), (3, 1 / 3), (9, 1 / 3), (18, 1 / 6)])
def test_what_a_process_plans_on_is_shared_by_those_in_its_region(of, part):
    assert partition(TARGETS, 0, of).part == pytest.approx(part)
