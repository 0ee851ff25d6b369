"""All advice, by operation; by operation and form of the reply where versions differ."""

from __future__ import annotations

from mockserver.catalog.advice.form import Advice
from mockserver.catalog.advice.sb import SB
from mockserver.catalog.advice.sd import SD
from mockserver.catalog.advice.sp import SP
from mockserver.catalog.advice.sp_product import SP_PRODUCT
from mockserver.catalog.advice.sp_target import SP_TARGET

ADVICE: dict[str, Advice] = {**SP, **SP_TARGET, **SP_PRODUCT, **SB, **SD}
