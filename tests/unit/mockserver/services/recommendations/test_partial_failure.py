"""A planned failure of items dooms those alone, in every answer that judges item by item."""

import jsonschema_rs
import orjson
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.catalog.recommendations.index import ADVICE
from adsmock.mockserver.catalog.recommendations.model import RowsOf
from adsmock.mockserver.core.fault import Match
from tests.unit.mockserver.services.recommendations.questions import ASKED, account

JUDGED = {
    name
    for name, advice in ADVICE.items()
    if isinstance(advice.reply, dict)
    and any(isinstance(each, RowsOf) and each.check for each in advice.reply.values())
}
ROWS = [row for row in ASKED if row[1].id in JUDGED]
TEXT = "planned by this test"


def split(reply):
    """Return the index of each row of a reply with what is said of it, doomed and others."""
    rows = [row for rows in orjson.loads(reply.body).values() for row in rows]
    named = [(next(row[key] for key in row if key.lower().endswith("index")), row) for row in rows]
    doomed = [row for row in named if TEXT in str(row)]
    return doomed, [row for row in named if row not in doomed]


@pytest.mark.parametrize(
    ("contract", "operation", "version"), ROWS, ids=[row[1].id for row in ROWS]
)
def test_doomed_items_are_reported_among_the_errors(contract, operation, version):
    own = account(f"doomed-{operation.id}")
    before = own.ask(operation, version)
    effect = {"indexes": (0,), "message": TEXT, "reason": "SOON"}
    own.server.plan("partial", effect=effect, match=Match(operation=(operation.id,)), times=1)

    reply = own.ask(operation, version)

    assert reply.status == operation.success
    jsonschema_rs.validate(form_body(contract, version.gives), orjson.loads(reply.body))
    doomed, others = split(reply)
    whole = split(before)[1]
    assert {index for index, _ in doomed} == {0}
    assert len(doomed) == sum(index == 0 for index, _ in whole)
    assert all("SOON" in str(row) for _, row in doomed)
    assert others == [row for row in whole if row[0] != 0]
    assert own.ask(operation, version).body == before.body


def test_every_judged_answer_is_asked():
    assert {row[1].id for row in ROWS} == JUDGED
    assert len(JUDGED) >= 4
