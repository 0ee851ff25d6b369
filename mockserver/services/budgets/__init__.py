"""Budgets: budget rules with their campaigns, and budget usage."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("rules", "create"): Handler("budgets.rules.create", commits=True),
    ("rules", "update"): Handler("budgets.rules.update", commits=True),
    ("rules", "list"): Handler("budgets.rules.browse"),
    ("rules", "get"): Handler("budgets.rules.get"),
    ("rules", "campaigns"): Handler("budgets.associations.campaigns"),
    ("rules", "associated"): Handler("budgets.associations.associated"),
    ("rules", "associate"): Handler("budgets.associations.associate", commits=True),
    ("rules", "disassociate"): Handler("budgets.associations.disassociate", commits=True),
    ("rules", "join"): Handler("budgets.associations.join", commits=True),
    ("rules", "part"): Handler("budgets.associations.part", commits=True),
    ("usage", "get"): Handler("budgets.usage.usage"),
}
