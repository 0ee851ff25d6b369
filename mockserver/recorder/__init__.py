"""``adsmock record``: the proxy with an upstream, which captures what the service answers.

The one place of this project that sends calls to another machine: to Amazon's hosts, if the user
allows it, and to no others.

    call ─ proxy: host in the fixed list ─ policy: reads only ─ budget ─ upstream ─ reply
                                                                          └─ redact ─ HAR file

What is written has no secrets and no identities: every text is replaced unless the contracts know
it (``vocabulary``), by keyed pseudonyms that keep equality, length and form (``pseudonym``).

Must not know: the mock. Nothing here answers from a sandbox.
"""

from adsmock.mockserver.recorder.budget import Budget
from adsmock.mockserver.recorder.proxy import RecordingProxy
from adsmock.mockserver.recorder.redact import Redactor
from adsmock.mockserver.recorder.session import Session
from adsmock.mockserver.recorder.upstream import Upstream

__all__ = ["Budget", "RecordingProxy", "Redactor", "Session", "Upstream"]
