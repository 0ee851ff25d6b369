"""A store that survives its process, tells a stranger nothing and a wrong key plainly."""

import stat
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.client.encryption import KEY_VARIABLE, Encryptor, find_key, new_key
from adsmock.harness.client.errors import StoreError
from adsmock.harness.client.store import SqliteStore

KEY = new_key()
SECRETS = {"Summer sale / 111": {"name": "Summer sale", "profile": "111222333"}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept.db"


def open_store(path, key=KEY):
    return SqliteStore(path, key, environment={})


def test_rows_are_found_again_after_the_store_was_reopened(path):
    with open_store(path) as store:
        store.put("intent", SECRETS)
        store.put("job", {"x": 1, "y": 2})
        store.drop("job", ["y", "never there"])
    with open_store(path) as store:
        assert store.get("intent", ["Summer sale / 111", "other"]) == SECRETS
        assert (store.values("job"), store.values("none")) == ([1], [])


def test_row_under_a_name_is_replaced(path):
    with open_store(path) as store:
        store.put("job", {"x": 1})
        store.put("job", {"x": 2})
        assert store.values("job") == [2]


def test_file_holds_neither_names_nor_values_nor_the_key(path):
    with open_store(path) as store:
        store.put("intent", SECRETS)
        written = b"".join(each.read_bytes() for each in path.parent.iterdir())
    for word in ("Summer", "sale", "111", "profile", KEY):
        assert word.encode() not in written


def test_file_can_be_read_by_its_owner_alone(path):
    open_store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_wrong_key_is_reported_and_changes_nothing(path):
    with open_store(path) as store:
        store.put("intent", SECRETS)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=f"kept.db: cannot decrypt.*{KEY_VARIABLE}"):
        open_store(path, new_key())
    assert path.read_bytes() == before


def test_file_of_another_kind_is_reported(path):
    path.write_text("shopping list " * 100)
    with pytest.raises(StoreError, match="cannot be used as a store"):
        open_store(path)
    with pytest.raises(StoreError, match="cannot be used as a store"):
        open_store(path.parent / "absent" / "kept.db")


def test_key_comes_from_argument_then_environment_then_keyring(monkeypatch):
    class Keyring:
        @staticmethod
        def get_password(service, name):
            return f"{service}/{name}"

    monkeypatch.setitem(sys.modules, "keyring", Keyring)
    assert find_key("given", {KEY_VARIABLE: "environment"}) == "given"
    assert find_key(None, {KEY_VARIABLE: "environment"}) == "environment"
    assert find_key(None, {}) == "adsmock/store"


def test_missing_key_is_reported_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(StoreError, match=f"no key: set {KEY_VARIABLE}"):
        find_key(None, {})


@pytest.mark.parametrize("key", ["short", "é" * 44, "A" * 40])
def test_key_of_another_form_is_reported_without_the_key(path, key):
    with pytest.raises(StoreError, match="44 characters") as reported:
        open_store(path, key)
    assert key not in str(reported.value)


def test_library_that_is_not_installed_is_reported_with_the_extra(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(StoreError, match=r"adsmock\[client\]"):
        open_store(path)


def test_module_prints_a_key_that_works(path):
    words = [sys.executable, "-W", "error", "-m", "adsmock.harness.client.key"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    open_store(path, printed.strip()).close()


@given(plain=st.binary(max_size=200), place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_sealed_bytes_open_unchanged_and_no_change_goes_unseen(plain, place, change):
    encryptor = Encryptor(KEY)
    sealed = bytearray(encryptor.encrypt(plain))
    assert encryptor.decrypt(bytes(sealed)) == plain
    sealed[place % len(sealed)] ^= change
    with suppress(StoreError):
        assert encryptor.decrypt(bytes(sealed)) == plain  # spare bits of the last base64 character
