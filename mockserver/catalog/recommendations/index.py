"""All recommendations, by operation, or by contract and reply form if versions differ."""

from __future__ import annotations

from adsmock.mockserver.catalog.recommendations.model import Recommendation
from adsmock.mockserver.catalog.recommendations.sb import SB
from adsmock.mockserver.catalog.recommendations.sd import SD
from adsmock.mockserver.catalog.recommendations.sp import SP
from adsmock.mockserver.catalog.recommendations.sp_product import SP_PRODUCT
from adsmock.mockserver.catalog.recommendations.sp_target import SP_TARGET

ADVICE: dict[str, Recommendation] = {**SP, **SP_TARGET, **SP_PRODUCT, **SB, **SD}
