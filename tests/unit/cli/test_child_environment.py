"""The variables that lead a program to the mock keep what the program has set itself."""

import os

import trustme
from cryptography.hazmat.primitives.serialization import pkcs12

from adsmock.cli import child_environment
from adsmock.mockserver.command import exec as exec_


def certificate(folder):
    path = folder / "ca of the mock.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def test_java_gets_the_proxy_and_a_store_with_the_certificate(tmp_path):
    path = certificate(tmp_path)
    found = child_environment.environment("http://127.0.0.1:9086", path, {})
    store = tmp_path / "ca of the mock.p12"
    options = found["JAVA_TOOL_OPTIONS"]
    assert options.startswith(
        "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9086 "
        "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9086 "
    )
    assert f'"-Djavax.net.ssl.trustStore={store}"' in options
    (kept,) = pkcs12.load_pkcs12(store.read_bytes(), b"adsmock").additional_certs
    assert kept.friendly_name == b"adsmock"


def test_help_of_exec_names_each_language_that_gets_a_variable():
    assert "Python, Node, curl, PHP and Java (JAVA_TOOL_OPTIONS)" in " ".join(
        exec_.EXAMPLES.split()
    )


def test_own_options_stay_in_front(tmp_path):
    present = {"JAVA_TOOL_OPTIONS": "-Xmx1g", "NODE_OPTIONS": "--trace-warnings"}
    found = child_environment.environment("http://127.0.0.1:9086", certificate(tmp_path), present)
    assert found["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Dhttp.proxyHost=")
    assert found["NODE_OPTIONS"].startswith("--trace-warnings --require ")


def test_trust_alone_sets_no_proxy(tmp_path):
    found = child_environment.trust(certificate(tmp_path), {"JAVA_TOOL_OPTIONS": "-Xmx1g"})
    assert found["JAVA_TOOL_OPTIONS"].startswith('-Xmx1g "-Djavax.net.ssl.trustStore=')
    assert not {"HTTPS_PROXY", "NODE_OPTIONS"} & found.keys()


def test_store_that_a_copy_may_read_is_not_written_again(tmp_path):
    path = certificate(tmp_path)
    child_environment.trust(path, {})
    first = path.with_suffix(".p12").read_bytes()
    child_environment.trust(path, {})
    assert path.with_suffix(".p12").read_bytes() == first  # another one has another salt
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".p12", ".pem", ".php"]


def test_php_reads_the_certificate_after_its_own_settings(tmp_path):
    path = certificate(tmp_path)
    folder = tmp_path / "ca of the mock.php"
    assert child_environment.trust(path, {})["PHP_INI_SCAN_DIR"] == f"{os.pathsep}{folder}"
    kept = child_environment.trust(path, {"PHP_INI_SCAN_DIR": "/etc/acme"})["PHP_INI_SCAN_DIR"]
    assert kept == f"/etc/acme{os.pathsep}{folder}"
    (settings,) = folder.iterdir()
    assert settings.suffix == ".ini", "PHP reads no other files of the folder"
    assert settings.read_text("utf-8").splitlines() == [
        f'curl.cainfo="{path}"',
        f'openssl.cafile="{path}"',
    ]


def test_without_cryptography_java_gets_no_store(tmp_path, monkeypatch):
    monkeypatch.setattr(child_environment, "find_spec", lambda _name: None)
    found = child_environment.trust(certificate(tmp_path), {})
    assert "JAVA_TOOL_OPTIONS" not in found
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pem", ".php"]
