"""What must hold for any item and any batch that the contracts allow."""

import jsonschema_rs
import orjson
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.core.outcome import Failure, Success
from tests.strategies import batches, invalid_items, items
from tests.unit.mockserver.services.sandbox_fixture import BOOK, COMPILED, RESOURCES, grow

RULED = [each for each in RESOURCES if COMPILED[each].contract.rules]
ANY = given(resource=st.sampled_from(RESOURCES), data=st.data())


@ANY
def test_a_lawful_item_is_stored_as_the_contract_reads_it(resource, data):
    tree = grow(resource)
    contract = BOOK.by_name[resource]
    item = data.draw(items(contract, tree.parents))
    (outcome,) = tree.stage.create(resource, [item])
    assert isinstance(outcome, Success), outcome
    entity = orjson.loads(outcome.body)
    assert [*jsonschema_rs.validator_for(entity_schema(contract)).iter_errors(entity)] == []


@given(resource=st.sampled_from(RULED), data=st.data())
def test_an_item_that_breaks_one_rule_is_refused_by_that_rule(resource, data):
    tree = grow(resource)
    item, rule = data.draw(invalid_items(BOOK.by_name[resource], tree.parents))
    outcome = tree.stage.refusal(tree.stage.create(resource, [item]))
    assert (outcome.kind, outcome.reason) == (rule.error, rule.reason)
    assert outcome.kind in BOOK.by_name[resource].selectors
    assert outcome.reason in BOOK.item_errors[outcome.kind].reasons


@ANY
def test_outcomes_partition_a_batch_and_only_successes_are_stored(resource, data):
    tree = grow(resource)
    batch = data.draw(batches(BOOK.by_name[resource], tree.parents))
    before = tree.stage.listing(resource).total
    outcomes = tree.stage.create(resource, batch)
    assert [each.index for each in outcomes] == list(range(len(batch)))
    done = [each for each in outcomes if isinstance(each, Success)]
    assert tree.stage.listing(resource).total == before + len(done)
    reply = tree.stage.reply(resource, outcomes)[COMPILED[resource].contract.envelope]
    told = [row["index"] for kind in ("error", "success") for row in reply[kind]]
    assert sorted(told) == list(range(len(batch)))


@ANY
def test_a_batch_split_in_two_comes_to_the_same(resource, data):
    whole, split = grow(resource), grow(resource)
    batch = data.draw(batches(BOOK.by_name[resource], whole.parents))
    cut = data.draw(st.integers(0, len(batch)))
    together = whole.stage.create(resource, batch)
    apart = [
        *split.stage.create(resource, batch[:cut]),
        *split.stage.create(resource, batch[cut:]),
    ]
    assert [_told(each) for each in together] == [_told(each) for each in apart]
    assert whole.stage.rows(resource) == split.stage.rows(resource)


def _told(outcome):
    if isinstance(outcome, Failure):
        return outcome.kind, outcome.reason, outcome.message, outcome.trigger
    return outcome.id, outcome.body


@ANY
def test_no_batch_changes_what_the_client_sent(resource, data):
    tree = grow(resource)
    batch = data.draw(batches(BOOK.by_name[resource], tree.parents))
    before = orjson.dumps(batch)
    outcomes = tree.stage.create(resource, batch)
    assert orjson.dumps(batch) == before
    id_field = COMPILED[resource].id_field
    changes = [{id_field: each.id, "state": "PAUSED"} for each in outcomes if hasattr(each, "id")]
    before = orjson.dumps(changes)
    tree.stage.update(resource, changes)
    assert orjson.dumps(changes) == before
