"""Recordings in the formats of other programs, as exchanges.

``har`` of browsers, mitmproxy and ``adsmock record``, ``vcr`` cassettes of Ruby's VCR and of vcrpy,
``postman`` collections with saved replies.
"""

from adsmock.harness.fidelity.formats.read import FormatError, Recording, read

__all__ = ["FormatError", "Recording", "read"]
