"""How a program that knows only Amazon's host names is led to a mock, without touching it.

Knows the environment variables by which common HTTP clients learn of a proxy and of a
certificate to trust, and the file that Node needs beside them. Must not know which mock.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1,localhost,::1"

TRUST = (
    "REQUESTS_CA_BUNDLE",  # Python: requests
    "SSL_CERT_FILE",  # OpenSSL by default: urllib, httpx, Ruby, Go on Linux
    "CURL_CA_BUNDLE",  # curl
    "NODE_EXTRA_CA_CERTS",  # Node, at its start
)

PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")

NODE_PRELOAD = Path(__file__).with_name("node_proxy.cjs")
"""What leads Node's clients through the proxy where Node does not do so by itself."""


def environment(proxy: str, certificate: Path, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a child process.

    Args:
        proxy: address of the proxy, such as ``http://127.0.0.1:9086``.
        certificate: the authority's certificate in PEM.
        present: the environment so far; its options for Node are kept.
    """
    preload = f'--require "{NODE_PRELOAD}"'
    options = f"{present.get('NODE_OPTIONS', '')} {preload}".strip()
    return (
        dict.fromkeys(PROXY, proxy)
        | dict.fromkeys(("NO_PROXY", "no_proxy"), LOOPBACK)
        | dict.fromkeys(TRUST, str(certificate))
        | {"NODE_USE_ENV_PROXY": "1", "NODE_OPTIONS": options}
    )


def trust(certificate: Path) -> dict[str, str]:
    """Return the variables by which a program trusts an authority, and nothing else."""
    return dict.fromkeys(TRUST, str(certificate))
