"""Hand-written journals: for each check one that keeps the claim, one that breaks it, and one that
gives no chance to do either."""

from harness.suite.journal import CaseRecord
from tests.unit.suite import golden_read as read
from tests.unit.suite import golden_write as write

GOLDEN: dict[str, dict[str, CaseRecord]] = {
    "A01.headers": read.a01(),
    "A03.refresh": read.a03(),
    "B01.only-failed": write.b01_only_failed(),
    "B01.resubmits": write.b01_resubmits(),
    "C01.orphans": write.c01(),
    "E02.once": write.e02(),
    "G01.region": read.g01_region(),
    "G01.resumes": read.g01_resumes(),
    "N03.once": write.n03(),
    "P01.pages": read.p01(),
    "T01.early": read.t01_early(),
    "T01.resumes": read.t01_resumes(),
    "T03.growth": read.t03(),
    "V01.stops": read.v01(),
    "X03.fresh": write.x03(),
}
