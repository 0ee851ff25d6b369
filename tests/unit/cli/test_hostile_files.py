"""Commands that read a user's file: a hostile one ends in one line on stderr and exit code 2."""

import pytest

from adsmock.cli.main import main

DEEP = 100_000
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
FILES = {
    "deep.json": b'{"log":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "number.json": b'{"log":' + b"9" * 5_000 + b"}",
    "binary.json": bytes(range(256)) * 8,
    "bomb.yml": BOMB.encode() + b"interactions: *a11\nversion: 1\n",
    "cyclic.yml": b"&a\ninteractions: [*a]\nversion: 1\n",
    "tag.yml": b'interactions: !!python/object/apply:os.system ["true"]\n',
    "keys.toml": b"a" + b".a" * 20_000 + b" = 1\n",
    "cut.json": b'{"log":{"entries":[{"request":{"method":"GET","url":"https://x/',
    "wrong.json": b'{"log":{"entries":[1,{"request":5}]}}',
}
COMMANDS = {
    "replay": ["replay"],
    "judge": ["judge"],
    "audit": ["audit"],
    "plan": ["load", "--duration", "5s", "--plan"],
    "quotas": ["load", "--duration", "5s", "--quotas"],
    "estimate": ["estimate"],
    "openapi": ["fidelity", "--openapi"],
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_hostile_file_ends_in_one_line(command, name, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(FILES[name])
    assert main([*COMMANDS[command], name]) == 2
    written = capfd.readouterr()
    assert len(written.err.strip().splitlines()) == 1, written.err
    assert len(written.err) < 1_000
    assert "Traceback" not in written.out
    assert [each.name for each in tmp_path.iterdir()] == [name]  # nothing was begun


@pytest.mark.parametrize("name", FILES)
def test_hostile_evidence_ends_in_one_line(name, tmp_path, capfd):
    (tmp_path / "evidence.json").write_bytes(FILES[name])
    assert main(["fidelity", "--evidence", str(tmp_path)]) == 2
    assert len(capfd.readouterr().err.strip().splitlines()) == 1
