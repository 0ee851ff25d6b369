"""What must hold for any item and any batch that the contracts allow."""

import jsonschema_rs
import orjson
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.schema import entity as entity_schema
from adsmock.mockserver.core.outcome import Failure, Success
from tests.strategies import batches, invalid_items, items
from tests.unit.mockserver.services.sandbox_fixture import COMPILED, CONTRACTS, RESOURCES, grow

RULED = [each for each in RESOURCES if COMPILED[each].contract.rules]
ANY = given(resource=st.sampled_from(RESOURCES), data=st.data())


@ANY
def test_a_valid_item_is_stored_as_the_contract_reads_it(resource, data):
    tree = grow(resource)
    contract = CONTRACTS.by_name[resource]
    item = data.draw(items(contract, tree.parents))
    (outcome,) = tree.fixture.create(resource, [item])
    assert isinstance(outcome, Success), outcome
    entity = orjson.loads(outcome.body)
    assert [*jsonschema_rs.validator_for(entity_schema(contract)).iter_errors(entity)] == []


@given(resource=st.sampled_from(RULED), data=st.data())
def test_an_item_that_breaks_one_rule_is_refused_by_that_rule(resource, data):
    tree = grow(resource)
    item, rule = data.draw(invalid_items(CONTRACTS.by_name[resource], tree.parents))
    outcome = tree.fixture.refusal(tree.fixture.create(resource, [item]))
    assert (outcome.kind, outcome.reason) == (rule.error, rule.reason)
    assert outcome.kind in CONTRACTS.by_name[resource].selectors
    assert outcome.reason in CONTRACTS.item_errors[outcome.kind].reasons


@ANY
def test_outcomes_partition_a_batch_and_only_successes_are_stored(resource, data):
    tree = grow(resource)
    batch = data.draw(batches(CONTRACTS.by_name[resource], tree.parents))
    before = tree.fixture.listing(resource).total
    outcomes = tree.fixture.create(resource, batch)
    assert [each.index for each in outcomes] == list(range(len(batch)))
    done = [each for each in outcomes if isinstance(each, Success)]
    assert tree.fixture.listing(resource).total == before + len(done)
    reply = tree.fixture.reply(resource, outcomes)[COMPILED[resource].contract.envelope]
    reported = [row["index"] for kind in ("error", "success") for row in reply[kind]]
    assert sorted(reported) == list(range(len(batch)))


@ANY
def test_a_batch_split_in_two_comes_to_the_same(resource, data):
    whole, split = grow(resource), grow(resource)
    batch = data.draw(batches(CONTRACTS.by_name[resource], whole.parents))
    cut = data.draw(st.integers(0, len(batch)))
    together = whole.fixture.create(resource, batch)
    apart = [
        *split.fixture.create(resource, batch[:cut]),
        *split.fixture.create(resource, batch[cut:]),
    ]
    assert [_reported(each) for each in together] == [_reported(each) for each in apart]
    assert whole.fixture.rows(resource) == split.fixture.rows(resource)


def _reported(outcome):
    if isinstance(outcome, Failure):
        return outcome.kind, outcome.reason, outcome.message, outcome.trigger
    return outcome.id, outcome.body


@ANY
def test_no_batch_changes_what_the_client_sent(resource, data):
    tree = grow(resource)
    batch = data.draw(batches(CONTRACTS.by_name[resource], tree.parents))
    before = orjson.dumps(batch)
    outcomes = tree.fixture.create(resource, batch)
    assert orjson.dumps(batch) == before
    id_field = COMPILED[resource].id_field
    changes = [{id_field: each.id, "state": "PAUSED"} for each in outcomes if hasattr(each, "id")]
    before = orjson.dumps(changes)
    tree.fixture.update(resource, changes)
    assert orjson.dumps(changes) == before
