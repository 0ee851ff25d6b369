"""An account's structure into one file and back again, against a mock on real sockets."""

import dataclasses

import pytest

from adsmock.harness.client.backup import load, save, take
from adsmock.harness.client.encryption import Encryptor, new_key
from adsmock.harness.client.errors import StoreError
from adsmock.harness.client.rollback import apply, plan, rollback
from adsmock.mockserver.app import Mock
from tests.wire.account import TREE, AccountFixture

KEY = new_key()


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, journal="full") as mock:
        yield mock


@pytest.fixture
def account(mock):
    account = AccountFixture(mock)
    yield account
    account.client.close()


def ids(made, resource):
    return [branch.outcome.id for branch in made if branch.resource == resource]


def test_backup_holds_the_whole_structure_and_survives_the_disk(account, tmp_path):
    made = account.plant()
    backup = take(account.client, account.profile)
    assert len(backup) == len(made)
    for encryptor in (None, Encryptor(KEY)):
        save(backup, tmp_path / "b", encryptor)
        assert load(tmp_path / "b", Encryptor(KEY)) == backup


def test_backup_with_a_key_tells_nothing_without_it(account, tmp_path):
    account.plant()
    path = tmp_path / "b"
    save(take(account.client, account.profile), path, Encryptor(KEY))
    assert b"kettle" not in path.read_bytes()
    with pytest.raises(StoreError, match="pass the encryptor"):
        load(path)
    with pytest.raises(StoreError, match="cannot decrypt"):
        load(path, Encryptor(new_key()))


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace("kettle", "KETTLE"),
        lambda text: text[: len(text) // 2],
        lambda text: "\n".join(text.split("\n")[2:]),
        lambda _: "{",
        lambda _: '{"sha256": 1}\n',
    ],
)
def test_backup_that_is_not_whole_is_refused(account, tmp_path, harm):
    account.plant()
    path = tmp_path / "b"
    save(take(account.client, account.profile), path)
    path.write_text(harm(path.read_text()))
    with pytest.raises(StoreError, match="not a complete backup"):
        load(path)


def test_rollback_of_nothing_writes_nothing(account):
    account.plant()
    backup = take(account.client, account.profile)
    wanted, done = rollback(account.client, backup)
    assert (wanted.changes, wanted.skipped, done) == ((), (), [])
    assert account.calls(r".*\.update") == []


def test_rollback_brings_back_names_states_budgets_and_bids_with_one_call_a_resource(account):
    made = account.plant()
    backup = take(account.client, account.profile)
    client, profile = account.client, account.profile
    campaigns, groups = ids(made, "sp.campaigns"), ids(made, "sp.adGroups")
    keywords, ads = ids(made, "sp.keywords"), ids(made, "sp.productAds")
    client.update(
        "sp.campaigns",
        profile,
        [
            {"campaignId": campaigns[0], "name": "renamed", "state": "PAUSED"},
            {"campaignId": campaigns[1], "budget": {"budget": 900, "budgetType": "DAILY"}},
        ],
    )
    client.update("sp.adGroups", profile, [{"adGroupId": one, "defaultBid": 2} for one in groups])
    client.update("sp.keywords", profile, [{"keywordId": keywords[0], "bid": 3.5}])
    client.update("sp.productAds", profile, [{"adId": ads[0], "state": "PAUSED"}])
    before = len(account.calls(r".*\.update"))
    wanted, done = rollback(client, backup)
    assert all(outcome.is_done for _, outcome in done), done
    assert {(change.resource, tuple(change.item)[1:]) for change in wanted.changes} == {
        ("sp.campaigns", ("name", "state")),
        ("sp.campaigns", ("budget",)),
        ("sp.adGroups", ("defaultBid",)),
        ("sp.keywords", ("bid",)),
        ("sp.productAds", ("state",)),
    }
    assert len(account.calls(r".*\.update")) == before + 4
    after = take(client, profile)
    assert plan(backup, after).changes == ()
    assert {row["name"] for row in after.records["campaigns"]} == {"first", "second"}


def test_rollback_is_not_misled_by_what_was_read_before_others_wrote(account):
    made = account.plant()
    backup = take(account.client, account.profile)
    (name, *_) = ids(made, "sp.campaigns")
    account.client.get("sp.campaigns", account.profile, [name])
    with account.another() as elsewhere:
        elsewhere.update("sp.campaigns", account.profile, [{"campaignId": name, "state": "PAUSED"}])
    rollback(account.client, backup)
    (row,) = account.client.get("sp.campaigns", account.profile, [name])
    assert row["state"] == "ENABLED"


def test_rollback_reports_what_cannot_be_revived_and_leaves_what_is_new(account):
    made = account.plant()
    backup = take(account.client, account.profile)
    client, profile = account.client, account.profile
    keyword = ids(made, "sp.keywords")[0]
    campaign = ids(made, "sp.campaigns")[1]
    client.archive("sp.keywords", profile, [keyword])
    client.archive("sp.campaigns", profile, [campaign])
    (new,) = client.create_tree(profile, [{**TREE[0], "name": "new", "adGroups": []}])
    wanted, done = rollback(client, backup)
    skipped = {(one.resource, one.id, one.reason) for one in wanted.skipped}
    assert {
        ("sp.keywords", keyword, "archived"),
        ("sp.campaigns", campaign, "archived"),
        ("sp.campaigns", new.outcome.id, "new"),
    } <= skipped
    assert done == []


def test_changes_below_an_archived_parent_are_reported_and_not_sent(account):
    made = account.plant()
    backup = take(account.client, account.profile)
    client, profile = account.client, account.profile
    group = ids(made, "sp.adGroups")[0]
    client.update("sp.adGroups", profile, [{"adGroupId": group, "defaultBid": 9}])
    client.archive("sp.campaigns", profile, [ids(made, "sp.campaigns")[0]])
    wanted = plan(backup, take(client, profile))
    whys = {one.id: one.reason for one in wanted.skipped}
    assert whys[group] in {"parent archived", "archived"}
    assert apply(client, wanted) == []


def test_rollback_of_another_profile_is_refused(account):
    backup = take(account.client, account.profile)
    with pytest.raises(ValueError, match="the present state of"):
        plan(dataclasses.replace(backup, profile="1"), backup)
