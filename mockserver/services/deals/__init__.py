"""Advertising deals of Sponsored Brands in the unified API, with keywords to reserve."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("deals", "create"): Handler("deals.deals.create_deals", commits=True),
    ("deals", "update"): Handler("deals.deals.update_deals", commits=True),
    ("deals", "delete"): Handler("deals.deals.delete_deals", commits=True),
    ("deals", "list"): Handler("deals.deals.list_deals"),
    ("dealTargets", "create"): Handler("deals.targets.create_targets", commits=True),
    ("dealTargets", "delete"): Handler("deals.targets.delete_targets", commits=True),
    ("dealTargets", "list"): Handler("deals.targets.list_targets"),
    ("recommendationTypes", "list"): Handler("deals.recommendation_types.list_types"),
    ("reservations", "price"): Handler("deals.reservations.price_keywords"),
    ("reservations", "price-targets"): Handler("deals.reservations.price_targets"),
    ("reservations", "recommend"): Handler("deals.reservations.recommend_keywords"),
    ("reservations", "validate"): Handler("deals.reservations.validate_keywords"),
}
