"""URLs to which messages may be sent: those that the user names, and none of AWS."""

from __future__ import annotations

from urllib.parse import urlsplit

_AWS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "amazon.com")


def problem_of(url: str) -> str:
    """Return why messages are not sent to a URL; empty if they may be."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        return "is not a URL: use one such as http://127.0.0.1:5000"
    if parts.scheme not in {"http", "https"} or not host:
        return "is not a URL: use one such as http://127.0.0.1:5000"
    if parts.username is not None or parts.fragment:
        return "has a user or a fragment: give scheme, host, port and path only"
    if any(host == each or host.endswith(f".{each}") for each in _AWS):
        return "is a host of Amazon: use a local server, such as moto, LocalStack or ElasticMQ"
    return ""
