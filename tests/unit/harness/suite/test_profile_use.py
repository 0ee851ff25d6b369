"""The scope of a call, compared with the profile that its work belongs to."""

from tests.unit.harness.suite.journal_rows import batch, call, outcomes, record
from tests.unit.harness.suite.test_samples import verdict_of

LIST, CREATE, UPDATE = "sp.campaigns.list", "sp.campaigns.create", "sp.campaigns.update"


def listed(at, profile, entity):
    reply = {"campaigns": [{"campaignId": entity, "name": "Same name"}]}
    return call(LIST, at, profileId=profile, reply=reply, chain=f"l{profile}")


def update(at, profile, entity):
    request = batch("campaigns", {"campaignId": entity, "state": "PAUSED"})
    return call(UPDATE, at, 207, request=request, profileId=profile, chain=f"u{at}")


def judged(*rows, tasks=()):
    return verdict_of("I02.scope", record("I02", *rows, tasks=tasks))


READ = [listed(1, "11", "7"), listed(2, "12", "8")]


def test_id_read_for_one_profile_may_not_be_sent_with_the_scope_of_another():
    assert judged(*READ, update(3, "11", "7"), update(4, "12", "8")).status == "PASS"

    found = judged(*READ, update(3, "11", "7"), update(4, "11", "8"))
    assert found.status == "FAIL"
    assert found.sentence == (
        "in case I02, sp.campaigns.update in NA (call 4) named profile 11, the profile of the call "
        'before it, but campaignId "8" belongs to profile 12'
    )


def test_the_last_row_of_the_evidence_is_the_call_that_the_sentence_names():
    found = judged(*READ, update(3, "11", "8"), update(4, "12", "7"))
    assert "(call 3)" in found.sentence
    assert [row.seq for row in found.rows] == [4, 3]


def test_filter_by_id_and_poll_of_a_job_are_calls_for_a_profile():
    by_id = {"campaignIdFilter": {"include": ["8"]}}
    made = call("exports.campaigns.create", 3, 202, profileId="12", reply={"exportId": "e"})
    poll = call("exports.get", 5, path="/exports/e", chain="poll")

    assert judged(*READ, call(LIST, 4, request=by_id, chain="f")).status == "FAIL"
    assert judged(*READ, update(3, "11", "7"), made, poll).status == "FAIL"
    assert judged(*READ, update(3, "11", "7"), made, poll | {"profileId": "12"}).status == "PASS"


def test_entity_that_two_profiles_show_belongs_to_both():
    shared = [listed(1, "11", "7"), listed(2, "12", "7")]

    assert judged(*shared, update(3, "11", "7"), update(4, "12", "7")).status == "PASS"


def test_new_entity_belongs_to_the_profile_that_it_was_created_for():
    request, reply = batch("campaigns", {"name": "New"}), outcomes("campaigns", {0: "9"})
    made = call(CREATE, 3, 207, request=request, reply=reply, profileId="12", chain="c")

    assert judged(*READ, made, update(4, "12", "9"), update(5, "11", "7")).status == "PASS"
    assert judged(*READ, made, update(4, "11", "9")).status == "FAIL"


def test_names_of_the_tasks_belong_to_their_profile_unless_several_use_them():
    def wish(profile, name):
        args = {"resource": "sp.campaigns", "profile": profile, "items": [{"name": name}]}
        return {"verb": "create", "args": args}

    def made(at, profile, name):
        request = batch("campaigns", {"name": name})
        return call(CREATE, at, 207, request=request, profileId=profile, chain=f"c{at}")

    rows = [made(1, "11", "A"), made(2, "11", "B")]
    assert judged(*rows, tasks=(wish("11", "A"), wish("12", "B"))).status == "FAIL"
    assert judged(*rows, tasks=(wish("11", "A"), wish("11", "B"))).status == "N/A"
    both = (wish("11", "A"), wish("12", "A"))
    assert judged(made(1, "11", "A"), made(2, "12", "A"), tasks=both).status == "PASS"
