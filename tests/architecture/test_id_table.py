"""The page of tasks names filters that the calls of each resource take."""

import pytest

from adsmock.contracts import schema
from adsmock.contracts.loader import load
from docs.generate.tasks import id_table, list_filters, own_id_requests, parent_filters, with_ids

RESOURCES = dict(with_ids())


@pytest.mark.parametrize("name", RESOURCES)
def test_list_takes_the_documented_filters(name):
    resource = RESOURCES[name]
    accepted = schema.list_body(resource)["properties"]

    for row in list_filters(resource):
        assert ("filters" if row.kind == "typed" else row.name) in accepted


@pytest.mark.parametrize(
    ("name", "own", "others"),
    [
        (
            "sp.negativeKeywords",
            ['`negativeKeywordIdFilter: {"include": [...]}`'],
            ['`adGroupIdFilter: {"include": [...]}`', '`campaignIdFilter: {"include": [...]}`'],
        ),
        ("sd.locations", [], ["`?adGroupIdFilter=...,...`", "`?campaignIdFilter=...,...`"]),
        ("v1.sd.ads", [], []),
        ("profiles", ["`GET /v2/profiles/{profileId}`"], []),
    ],
)
def test_filters_by_id_are_named(name, own, others):
    resource = load().by_name[name]

    assert own_id_requests(resource) == own
    assert parent_filters(resource) == others


def test_table_has_the_own_id_and_the_member_of_an_archive():
    rows = {line.split("`")[1]: line for line in id_table().splitlines()[2:]}

    assert rows["v1.sp.ads"].startswith("| `v1.sp.ads` | `adId` |")
    assert rows["v1.sp.ads"].endswith("| `adIds: [...]` |")
    assert rows["sd.campaigns"].endswith("| `DELETE /sd/campaigns/{campaignId}` |")
