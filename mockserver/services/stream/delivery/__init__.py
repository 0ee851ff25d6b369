"""Delivery of datasets to the queues of active subscriptions, on the sandbox's clock.

``catch_up`` delivers what is due at a time. It is called before every action on a queue, by an
advance of the clock and by the control plane, so a real clock needs no timer. Records are made when
they are needed: a queue with ``BUFFER`` messages gets no more until a consumer has deleted some.
"""

from adsmock.mockserver.services.stream.delivery.engine import BUFFER, catch_up, catch_up_wholly

__all__ = ["BUFFER", "catch_up", "catch_up_wholly"]
