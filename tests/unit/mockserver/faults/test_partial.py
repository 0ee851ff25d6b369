import pytest

from tests.unit.mockserver.pipeline.stand import campaign, desk, value


def test_the_named_items_fail():
    stand = desk()
    stand.plan("partial", effect={"indexes": (1, 7)})
    items = [campaign(f"c{number}") for number in range(3)]

    rows = value(stand.call("/sp/campaigns", {"campaigns": items}))["campaigns"]

    assert [row["index"] for row in rows["error"]] == [1]
    assert stand.sandbox.faults.find("partial").triggered == 1
    assert stand.entries()[-1].fault == {"id": "partial", "kind": "partial", "point": "before"}


@pytest.mark.parametrize(
    ("path", "body"), [("/sp/campaigns", {"campaigns": [campaign()]}), ("/sp/campaigns/list", {})]
)
def test_indexes_beyond_the_batch_are_not_counted(path, body):
    stand = desk()
    stand.plan("partial", effect={"indexes": (7, 8)})

    stand.call(path, body)
    rule = stand.sandbox.faults.find("partial")

    assert (rule.selected, rule.triggered, stand.entries()[-1].fault) == (1, 0, None)
    assert stand.runtime.metrics.faults == {}
