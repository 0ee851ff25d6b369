"""Snapshots: a sandbox put back is the sandbox that was; a damaged file is refused."""

import json
from copy import deepcopy
from threading import Event, Thread

import pytest

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.json_slices import SLICE
from adsmock.mockserver.services.sandboxes.snapshot import decode, encode
from adsmock.mockserver.services.sandboxes.state import dump_state
from tests.unit.mockserver.control.fixtures import make_control
from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign, value


def fill(control):
    server = control.server
    server.call("/sp/campaigns", {"campaigns": [campaign("a"), campaign("b")]})
    control.do(
        "throttle.put", {"quotas": {"sp.write": {"rate": 1, "burst": 9}}, "pressure": {"EU": 0.5}}
    )
    server.call("/sp/campaigns", {"campaigns": [campaign("c")]})
    rule = {
        "effect": {"kind": "latency", "latencyMs": 1},
        "when": {"until": "+PT1H"},
        "ttl": "PT2H",
    }
    control.do("faults.put", rule, fault="slow")
    server.call("/sp/campaigns/list", {})
    job = export(control)
    control.do("clock.advance", {"seconds": 6})
    poll(control, job)
    control.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    return job


def spoil(control):
    control.do("clock.advance", {"seconds": 86_400 * 2})
    control.do("sandboxes.reset", {"scope": ["state", "faults", "throttle", "tokens", "jobs"]})
    control.server.sign_in()
    control.server.call("/sp/campaigns", {"campaigns": [campaign("z")]})


def test_restoring_brings_everything_back(control):
    job = fill(control)
    before = dump_state(control.sandbox)
    kept = control.do("snapshots.create", {"name": "before"})
    assert (kept["sandbox"], kept["entities"], len(kept["sha256"])) == ("t1", 3, 64)
    token, rule = control.server.token, control.do("faults.get", fault="slow")
    spoil(control)
    assert dump_state(control.sandbox) != before
    assert control.do("snapshots.restore", snapshot="before") == kept
    assert dump_state(control.sandbox) == before
    assert control.do("faults.get", fault="slow") == rule
    assert rule["selected"] > 0
    control.server.token = token
    assert value(poll(control, job))["status"] == "COMPLETED"


def test_what_is_done_after_restoring_repeats_exactly(control):
    fill(control)
    control.do("snapshots.create", {"name": "before"})
    replies = []
    for _ in range(2):
        control.do("snapshots.restore", snapshot="before")
        replies.append(value(control.server.call("/sp/campaigns", {"campaigns": [campaign("d")]})))
    first, second = (reply["campaigns"]["success"] for reply in replies)
    assert first == second


def test_uniqueness_survives_restoring(control):
    fill(control)
    control.do("snapshots.create", {"name": "before"})
    control.do("snapshots.restore", snapshot="before")
    reply = value(control.server.call("/sp/campaigns", {"campaigns": [campaign("a")]}))
    assert [row["errors"][0]["errorType"] for row in reply["campaigns"]["error"]] == [
        "duplicateValueError"
    ]


def test_the_journal_stays(control):
    control.do("snapshots.create", {"name": "before"})
    control.server.call("/sp/campaigns/list", {})
    control.do("snapshots.restore", snapshot="before")
    assert len(control.do("journal.get")["entries"]) == 2


def test_snapshots_are_listed_and_replaced_by_name(control):
    assert control.do("snapshots.list") == {"snapshots": []}
    control.do("snapshots.create", {"name": "b"})
    control.do("snapshots.create", {"name": "a"})
    again = control.do("snapshots.create", {"name": "b"})
    rows = control.do("snapshots.list")["snapshots"]
    assert [row["name"] for row in rows] == ["a", "b"]
    assert rows[1] == again


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(control, name):
    assert control.refuse("snapshots.create", {"name": name})["pointer"] == "/name"


def test_snapshots_in_memory_go_with_their_sandbox(control):
    control.do("sandboxes.create", {"id": "t9"})
    control.do("snapshots.create", {"name": "x"}, sandbox="t9")
    control.do("sandboxes.delete", sandbox="t9")
    control.do("sandboxes.create", {"id": "t9"})
    assert control.do("snapshots.list", sandbox="t9") == {"snapshots": []}


def test_an_unknown_snapshot_is_not_found(control):
    control.do("snapshots.create", {"name": "before"})
    refused = control.refuse("snapshots.restore", snapshot="befor")
    assert (refused["status"], refused["near"]) == (404, ["before"])


def test_files_outlive_the_server(tmp_path):
    first = make_control(tmp_path)
    fill(first)
    before = dump_state(first.sandbox)
    kept = first.do("snapshots.create", {"name": "before"})
    second = make_control(tmp_path)
    assert second.do("snapshots.list") == {"snapshots": [kept]}
    second.do("snapshots.restore", snapshot="before")
    assert dump_state(second.sandbox) == before
    assert [path.name for path in (tmp_path / "t1").iterdir()] == ["before.json"]


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(tmp_path):
    control = make_control(tmp_path)
    fill(control)
    control.do("snapshots.create", {"name": "x"})
    path = tmp_path / "t1" / "x.json"
    whole = json.loads(path.read_text())
    before = dump_state(control.sandbox)
    whole["content"]["now"] += 1
    other = {"version": 99, "sha256": "", "content": {}}
    for text in (json.dumps(whole), json.dumps(other), "[]", "{", "", '{"version":1}'):
        path.write_text(text)
        assert control.refuse("snapshots.restore", snapshot="x")["status"] == 409
    assert dump_state(control.sandbox) == before


def test_a_snapshot_of_other_profiles_is_refused(tmp_path):
    first = make_control(tmp_path)
    first.do("snapshots.create", {"name": "x"})
    second = make_control(tmp_path, seed=5)
    refused = second.refuse("snapshots.restore", snapshot="x")
    assert (refused["status"], "profiles" in refused["detail"]) == (409, True)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    place = tmp_path / "file"
    place.write_text("in the way")
    control = make_control(place)
    assert control.refuse("snapshots.create", {"name": "x"})["status"] == 507
    assert control.do("snapshots.list") == {"snapshots": []}


def write_foreign(path, change):
    """Change the content of a snapshot file and give it a valid hash."""
    content = decode(path.read_bytes())
    change(content)
    path.write_bytes(encode("x", content).document)


def spoil_fault(content):
    content["faults"][0]["rule"]["effect"]["kind"] = "no-such-kind"


def spoil_job(content):
    content["jobs"][0]["file"] = "not base64!"


def spoil_bucket(content):
    content["throttle"]["quotas"]["sp.read"] = {"speed": 1}


def spoil_entity(content):
    content["entities"][0][2] = content["entities"][0][2:]


@pytest.mark.parametrize("change", [spoil_fault, spoil_job, spoil_bucket, spoil_entity])
def test_a_snapshot_is_restored_completely_or_not_at_all(tmp_path, change):
    control = make_control(tmp_path)
    fill(control)
    control.do("snapshots.create", {"name": "x"})
    spoil(control)
    before = dump_state(control.sandbox)
    write_foreign(tmp_path / "t1" / "x.json", change)
    refused = control.refuse("snapshots.restore", snapshot="x")
    assert (refused["status"], "nothing has changed" in refused["detail"]) == (409, True)
    assert dump_state(control.sandbox) == before


def test_a_file_is_private_and_has_no_live_token(tmp_path):
    control = make_control(tmp_path)
    control.do("snapshots.create", {"name": "x"})
    path = tmp_path / "t1" / "x.json"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    text = path.read_text()
    own = control.sandbox.credentials
    secrets = (control.server.token, own.client_secret, own.refresh_token)
    assert [secret for secret in secrets if secret in text] == []


def test_a_revoked_token_stays_revoked_in_a_snapshot(control):
    rule = {"effect": {"kind": "token-revoked"}, "when": {"times": 1}}
    control.do("faults.put", rule, fault="once")
    assert control.server.call("/sp/campaigns/list", {}).status == 401
    control.do("snapshots.create", {"name": "x"})
    control.do("sandboxes.reset", {"scope": ["tokens", "faults"]})
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    control.do("snapshots.restore", snapshot="x")
    assert control.server.call("/sp/campaigns/list", {}).status == 401


def test_one_damaged_file_does_not_hide_the_others(tmp_path):
    control = make_control(tmp_path)
    for name in ("a", "b", "c"):
        control.do("snapshots.create", {"name": name})
    (tmp_path / "t1" / "b.json").write_text("{")
    rows = control.do("snapshots.list")["snapshots"]
    assert [row["name"] for row in rows] == ["a", "b", "c"]
    assert ["problem" in row for row in rows] == [False, True, False]


def test_links_are_not_followed(tmp_path):
    control = make_control(tmp_path / "snapshots")
    control.do("snapshots.create", {"name": "x"})
    secret, folder = tmp_path / "secret.json", tmp_path / "snapshots" / "t1"
    secret.write_bytes((folder / "x.json").read_bytes())
    (folder / "link.json").symlink_to(secret)
    assert control.refuse("snapshots.restore", snapshot="link")["status"] == 409
    control.do("snapshots.create", {"name": "link"})
    assert not (folder / "link.json").is_symlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "snapshots" / "t2").symlink_to(elsewhere)
    control.do("sandboxes.create", {"id": "t2"})
    assert control.refuse("snapshots.create", {"name": "x"}, sandbox="t2")["status"] == 507
    assert list(elsewhere.iterdir()) == []


def test_temporary_files_of_a_killed_write_are_removed(tmp_path):
    control = make_control(tmp_path)
    control.do("snapshots.create", {"name": "x"})
    for name in ("x.part", ".x.json.abc.part"):
        (tmp_path / "t1" / name).write_text("half")
    control.do("snapshots.create", {"name": "y"})
    assert sorted(each.name for each in (tmp_path / "t1").iterdir()) == ["x.json", "y.json"]


def test_two_servers_in_one_folder_do_not_tear_each_other_s_files(tmp_path):
    controls = [make_control(tmp_path) for _ in range(2)]
    controls[1].do("state.invent", {"campaigns": 10})
    for control in controls:
        control.do("snapshots.create", {"name": "x"})
    failures, done = [], Event()

    def write(control):
        while not done.is_set():
            control.do("snapshots.create", {"name": "x"})

    writers = [Thread(target=write, args=(control,)) for control in controls]
    for each in writers:
        each.start()
    for _ in range(100):
        try:
            decode((tmp_path / "t1" / "x.json").read_bytes())
        except (SetupError, OSError) as error:
            failures.append(error)
    done.set()
    for each in writers:
        each.join()
    assert failures == []
    assert [each.name for each in (tmp_path / "t1").iterdir()] == ["x.json"]


@pytest.mark.parametrize("name", ["CON", "nul.x", "com1", "a.", "Lpt9.json"])
def test_names_that_no_file_system_takes_are_refused(control, name):
    assert control.refuse("snapshots.create", {"name": name})["pointer"] == "/name"
    assert control.refuse("sandboxes.create", {"id": name})["pointer"] == "/id"


@pytest.mark.parametrize("name", ["console", "com10", "a.b", "x-", "n_"])
def test_names_that_only_resemble_them_are_accepted(control, name):
    assert control.do("sandboxes.create", {"id": name})["id"] == name


def test_a_snapshot_is_written_and_read_in_slices(control):
    rows = [campaign(f"c{number}") for number in range(2 * SLICE + 1)]
    profile = next(iter(control.sandbox.profiles))
    control.do("state.put", {"profiles": {profile: {"sp.campaigns": rows}}})
    content = json.loads(json.dumps(dump_state(control.sandbox)))
    document = encode("x", deepcopy(content)).document
    first, *slices, last = document.split(b"\n")
    assert [len(json.loads(f"[{each.decode().rstrip(',')}]")) for each in slices] == [
        SLICE,
        SLICE,
        1,
    ]
    assert json.loads(first + last)["content"]["entities"] == []
    assert decode(document) == content


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"separators": (",", ":")}])
def test_a_document_of_any_layout_is_read(control, layout):
    fill(control)
    content = json.loads(json.dumps(dump_state(control.sandbox)))
    document = json.loads(encode("x", deepcopy(content)).document)
    assert decode(json.dumps(document, ensure_ascii=False, **layout).encode()) == content


def test_a_slice_that_was_changed_is_refused(control):
    fill(control)
    document = encode("x", dump_state(control.sandbox)).document
    with pytest.raises(SetupError, match="its hash does not match"):
        decode(document.replace(b"ENABLED", b"PAUSED!", 1))
