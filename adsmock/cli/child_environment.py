"""Environment variables that route a program's calls to Amazon's hosts to a mock.

They name the proxy and the trusted certificate to common HTTP clients; Node also loads a file, Java
reads the certificate from a store of its own format, and PHP from its settings.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1,localhost,::1"

TRUST = (
    "REQUESTS_CA_BUNDLE",  # Python: requests
    "SSL_CERT_FILE",  # OpenSSL by default: urllib, httpx, Ruby; Go and .NET on Linux
    "CURL_CA_BUNDLE",  # curl
    "AWS_CA_BUNDLE",  # boto3 and the AWS command line
    "NODE_EXTRA_CA_CERTS",  # Node, at its start
)

PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")

DIRECT = ("NO_PROXY", "no_proxy")

_MAY_BE_AMAZON = ("*", "amazon")
"""Parts of NO_PROXY entries that may name a host of Amazon's."""

NODE_PRELOAD = Path(__file__).with_name("node_proxy.cjs")
"""Routes Node's clients through the proxy in versions that do not do so themselves."""


JAVA = "JAVA_TOOL_OPTIONS"
"""Options that every Java virtual machine reads at its start, and reports on stderr."""

PHP = "PHP_INI_SCAN_DIR"
"""Folders whose settings PHP reads at its start; an empty entry is the one of its build."""

_KEY_ROUNDS = 1_000
_STORE_PASSWORD = "adsmock"
"""Java asks for one, though the store holds no secret."""


def environment(proxy: str, certificate: Path, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a child process.

    Args:
        proxy: address of the proxy, such as ``http://127.0.0.1:9086``.
        certificate: file with the certificate of the authority in PEM.
        present: the current environment, whose options for Node, Java and PHP are kept.
    """
    routed = guarded(proxy, present)
    return routed | trust(certificate, dict(present) | routed)


def guarded(proxy: str, present: Mapping[str, str]) -> dict[str, str]:
    """Return only the variables that lead all calls but those to loopback to a proxy.

    Hosts in the ``NO_PROXY`` of ``present`` stay reachable, unless it may mean Amazon's.
    """
    parts = urlsplit(proxy)
    through = [
        f"-D{scheme}.{name}={value}"
        for scheme in ("http", "https")
        for name, value in (("proxyHost", parts.hostname), ("proxyPort", parts.port))
    ]
    return (
        dict.fromkeys(PROXY, proxy)
        | dict.fromkeys(DIRECT, direct(present))
        | {"NODE_USE_ENV_PROXY": "1"}
        | _added(present, "NODE_OPTIONS", [f'--require "{NODE_PRELOAD}"'])
        | _added(present, JAVA, through)
    )


def direct(present: Mapping[str, str]) -> str:
    """Return the hosts that need no proxy: loopback, and those of the user but for Amazon's."""
    own = next((present[name] for name in DIRECT if present.get(name)), "")
    kept = [
        host
        for host in map(str.strip, own.split(","))
        if host and not any(part in host.lower() for part in _MAY_BE_AMAZON)
    ]
    return ",".join(dict.fromkeys([*LOOPBACK.split(","), *kept]))


def trust(certificate: Path, present: Mapping[str, str]) -> dict[str, str]:
    """Return only the variables that make a program trust an authority."""
    return (
        dict.fromkeys(TRUST, str(certificate))
        | _added(present, JAVA, _java_trust(certificate))
        | {PHP: os.pathsep.join([present.get(PHP, ""), str(_php_settings(certificate))])}
    )


def _added(present: Mapping[str, str], name: str, options: list[str]) -> dict[str, str]:
    """Return the variable ``name`` with options added, or nothing where there are none."""
    kept = [present[name]] if present.get(name) else []
    return {name: " ".join([*kept, *options])} if options else {}


def _java_trust(certificate: Path) -> list[str]:
    """Return the options of a trust store with the certificate, written to the same folder.

    Without cryptography, which the extra ``tls`` installs, no store can be written.
    """
    if find_spec("cryptography") is None:
        return []
    store = certificate.with_suffix(".p12")
    if not store.exists():
        _write(store, _java_store(certificate.read_bytes()))
    properties = {"": store, "Password": _STORE_PASSWORD, "Type": "PKCS12"}
    return [f'"-Djavax.net.ssl.trustStore{name}={value}"' for name, value in properties.items()]


def _php_settings(certificate: Path) -> Path:
    """Return a folder of settings that name the certificate to curl and to streams of PHP.

    Their value in the program, such as ``CURLOPT_CAINFO``, stays in force.
    """
    folder = certificate.with_suffix(".php")
    settings = folder / "adsmock.ini"
    if not settings.exists():
        folder.mkdir(exist_ok=True)
        names = ("curl.cainfo", "openssl.cafile")
        _write(settings, "".join(f'{name}="{certificate}"\n' for name in names).encode())
    return folder


def _write(path: Path, content: bytes) -> None:
    """Write a file at once: copies of a program share the certificate, and may read it now."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _java_store(pem: bytes) -> bytes:
    """Return a PKCS #12 trust store in the ciphers that Java 8 can read as well."""
    from cryptography import x509  # noqa: PLC0415 -- an extra, and only a child that may be Java needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 -- as above

    cipher = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_KEY_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303 -- it protects nothing
        .build(_STORE_PASSWORD.encode())
    )
    authority = pkcs12.PKCS12Certificate(x509.load_pem_x509_certificate(pem), b"adsmock")
    return pkcs12.serialize_java_truststore([authority], cipher)
