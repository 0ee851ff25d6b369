"""What a partner declares: read from three forms, refused by line, and what it does to verdicts."""

import io
import json
import sys

import pytest
from msgspec.structs import replace
from ruamel.yaml import YAML

from adsmock.harness.config_file import DocumentError, read
from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunRecord
from adsmock.harness.suite.judge import judge_case, judge_run
from adsmock.harness.suite.manifest import NOTHING_DECLARED, declared
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_record import whole

TEXT = """\
name = "acme-sync"      # shown in reports
verbs = ["list", "create"]
workers = 4

[start]
command = "python sync.py"
timeout_seconds = 600

[retry]
max_delay_seconds = 60
max_retries = 5

[timeouts]
read_seconds = 45

[batch]
"sp.keywords" = 500

[hard_coded]
token_seconds = 3200

[recovery]
rto_seconds = 900
rpo_writes = 0

[[not_applicable]]
id = "X03"
reason = "it downloads nothing"

[[not_applicable]]
id = "V01.stops"
reason = "it uses no old version"
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="ads-client.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def yaml_text(values):
    stream = io.StringIO()
    YAML().dump(values, stream)
    return stream.getvalue()


def test_manifest_says_what_was_declared(written):
    says = declared(read(written(TEXT), "manifest").values)

    assert (says.name, says.workers) == ("acme-sync", 4)
    assert (says.start.command, says.start.timeout_seconds) == ("python sync.py", 600)
    assert (says.recovery.rto_seconds, says.recovery.rpo_writes) == (900, 0)
    assert says.verbs == {"list", "create"}
    assert says.absent == {"X03": "it downloads nothing", "V01.stops": "it uses no old version"}


def test_nothing_declared_means_the_fewest_assumptions():
    assert declared(None) == NOTHING_DECLARED
    assert (NOTHING_DECLARED.workers, NOTHING_DECLARED.verbs) == (1, None)


def test_json_and_yaml_say_the_same_as_toml(written):
    values = read(written(TEXT), "manifest").values

    for name, text in {
        "a.json": json.dumps(values, indent=2),
        "a.yaml": yaml_text(values),
        "a.yml": yaml_text(values),
    }.items():
        assert read(written(text, name), "manifest").values == values


@pytest.mark.parametrize(
    ("name", "dump"),
    [
        ("a.toml", None),
        ("a.json", lambda values: json.dumps(values, indent=2)),
        ("a.yaml", yaml_text),
    ],
)
def test_every_member_is_found_on_its_line(written, name, dump):
    text = TEXT if dump is None else dump(read(written(TEXT), "manifest").values)
    rows = text.splitlines()
    lines = read(written(text, name), "manifest").record()["lines"]

    for path in ("name", "retry.max_retries", "hard_coded.token_seconds", "recovery.rpo_writes"):
        assert path.rpartition(".")[2] in rows[lines[path] - 1]
    assert "X03" in rows[lines["not_applicable.0.id"] - 1]
    assert "V01.stops" in rows[lines["not_applicable.1.id"] - 1]
    assert "old version" in rows[lines["not_applicable.1.reason"] - 1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('name = "a"\ncolor = "red"\n', "line 2, column 1: color: unknown key"),
        (
            'name = "a"\n\n[retry]\nmax_retry = 5\n',
            "line 4, column 1: retry.max_retry: unknown key: did you mean max_retries",
        ),
        ("workers = 2\n", "name is missing"),
        ('name = "a"\nworkers = 0\n', "line 2, column 1: workers: "),
        ('name = "a"\nworkers = "many"\n', "line 2, column 1: workers: "),
        ('name = "a"\n[[not_applicable]]\nid = "X03"\n', "reason is missing"),
        (
            'name = "a"\n[[not_applicable]]\nid = "X03"\nreason = " "\n',
            "line 4, column 1: .*reason",
        ),
        ("name = ", "is not TOML"),
    ],
)
def test_manifest_that_does_not_fit_is_refused_in_one_line(written, text, reason):
    with pytest.raises(DocumentError, match=reason) as caught:
        read(written(text), "manifest")

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "{", "is not JSON"),
        ("a.yaml", "a: [", "is not YAML"),
        ("a.yaml", "", "is not of type"),
        ("a.ini", "name=a", "name it .json, .toml"),
    ],
)
def test_file_of_another_format_is_refused(written, name, text, reason):
    with pytest.raises(DocumentError, match=reason):
        read(written(text, name), "manifest")


def test_yaml_without_its_library_asks_for_toml(written, monkeypatch):
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)

    with pytest.raises(DocumentError, match="or write TOML"):
        read(written("name: a\n", "ads-client.yaml"), "manifest")


def manifest(**more):
    return declared({"name": "a", **more})


def statuses(check, status, says):
    record = SAMPLES[check][status]
    found = judge_case(load()[record.case], record, manifest=says)
    return {one.check: (one.status, one.sentence) for one in found.verdicts}[check]


@pytest.mark.parametrize("name", ["X03", "X03.fresh"])
def test_what_is_declared_absent_and_silent_is_not_applicable(name):
    says = manifest(not_applicable=[{"id": name, "reason": "it downloads nothing"}])

    assert statuses("X03.fresh", "UNPROVEN", says) == (
        "N/A",
        "declared in the manifest: it downloads nothing",
    )


def test_case_that_needs_a_verb_which_is_not_declared_is_not_applicable():
    assert statuses("X03.fresh", "UNPROVEN", manifest(verbs=["list"]))[0] == "N/A"
    assert statuses("X03.fresh", "UNPROVEN", manifest(verbs=["export"]))[0] == "UNPROVEN"


def test_declared_absence_excuses_nothing_that_was_seen():
    says = manifest(not_applicable=[{"id": "X03", "reason": "it downloads nothing"}])
    status, sentence = statuses("X03.fresh", "FAIL", says)

    assert status == "FAIL"
    assert sentence.startswith("declared as not applicable, yet judged")
    assert statuses("X03.fresh", "PASS", says)[0] == "PASS"


def test_manifest_is_kept_in_the_record(written):
    document = read(written(TEXT), "manifest").record()
    record = whole("UNPROVEN")
    declared = RunRecord(replace(record.meta, manifest=document), record.cases)
    found = {
        one.check: one.status for case in judge_run(declared, load()).cases for one in case.verdicts
    }

    assert found["X03.fresh"] == found["V01.stops"] == "N/A"
    assert found["T01.early"] == "UNPROVEN"
