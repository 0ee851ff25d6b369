"""Environment variables that route a program's calls to Amazon's hosts to a mock.

They name the proxy and the trusted certificate to common HTTP clients; Node also loads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1,localhost,::1"

TRUST = (
    "REQUESTS_CA_BUNDLE",  # Python: requests
    "SSL_CERT_FILE",  # OpenSSL by default: urllib, httpx, Ruby, Go on Linux
    "CURL_CA_BUNDLE",  # curl
    "AWS_CA_BUNDLE",  # boto3 and the AWS command line
    "NODE_EXTRA_CA_CERTS",  # Node, at its start
)

PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")

NODE_PRELOAD = Path(__file__).with_name("node_proxy.cjs")
"""Routes Node's clients through the proxy in versions that do not do so themselves."""


def environment(proxy: str, certificate: Path, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a child process.

    Args:
        proxy: address of the proxy, such as ``http://127.0.0.1:9086``.
        certificate: file with the certificate of the authority in PEM.
        present: the current environment, whose NODE_OPTIONS are kept.
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
    """Return only the variables that make a program trust an authority."""
    return dict.fromkeys(TRUST, str(certificate))
