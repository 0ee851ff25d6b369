"""Reference clients with other classes for some of their parts."""

from __future__ import annotations

from adsmock.harness.client.client import AdsClient


def client_with(*parts: type) -> type[AdsClient]:
    """Return the reference client in which each part replaces the class that it extends.

    A subclass of ``AdsClient`` among the parts replaces the client itself.
    """
    base = next((part for part in parts if issubclass(part, AdsClient)), AdsClient)
    slots = [name for name in vars(AdsClient) if name.endswith("_class")]
    chosen = {
        slot: part for part in parts for slot in slots if issubclass(part, getattr(AdsClient, slot))
    }
    return type(base.__name__, (base,), chosen)
