"""Fault kind ``url-expired``: a download URL expires before its hour."""

from __future__ import annotations

from adsmock.mockserver.core.effect import Effect
from adsmock.mockserver.core.job import Job


class UrlExpired(Effect):
    """An expired URL. It stays expired; a new URL of the same job works."""

    kind = "url-expired"
    points = ("before",)
    summary = "Expires a download URL before its time; a new URL works."

    def expire_url(self, job: Job, number: int) -> bool:
        """Expire this URL and those before it; return whether it was valid until now."""
        if number <= job.url_floor:
            return False
        job.url_floor = number
        return True
