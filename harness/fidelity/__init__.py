"""How closely the mock answers as the service does, as a measurement that anyone can repeat.

Design
    1. An ``Exchange`` is one request and its reply, wherever it came from: a live call, a HAR
       file, a VCR cassette, a Postman collection.
    2. ``twin`` sends a fixed plan of reads and harmless errors to the service and to a mock;
       ``replay`` sends the requests of a recording to a mock that is built from its reads. Both
       give pairs: the service's exchange and the mock's exchange for the same request.
    3. ``compare`` is a pure function of pairs. It compares shapes, not values: which members
       appear, their types and formats, statuses, headers, errors, order, pages, references. A
       difference names the ledger rows that it concerns.
    4. Each ledger row is then confirmed, drift, an allowed variation (a switch of the mock covers
       it), unseen or unchecked. The report has these rows, and no value of the service.

The recorder (``adsmock record``) is a part of the mock server: it is its proxy with an upstream.
The two halves meet in files: the recorder writes HAR, this room reads it. What a report looks
like, and how reports are merged, is in ``contracts.evidence``, which both halves read.

Must not know: the mock's insides. The mock is a server behind a URL and a control plane.
"""

from adsmock.harness.fidelity.comparison import Comparison, Pair, compare
from adsmock.harness.fidelity.difference import Difference
from adsmock.harness.fidelity.exchange import Exchange

__all__ = ["Comparison", "Difference", "Exchange", "Pair", "compare"]
