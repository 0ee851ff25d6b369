"""Amazon Attribution: tags for publishers outside of Amazon, and reports of their clicks."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("attribution", "advertisers"): Handler("attribution.tags.list_advertisers"),
    ("attribution", "publishers"): Handler("attribution.tags.list_publishers"),
    ("attribution", "macroTag"): Handler("attribution.tags.macro_tags"),
    ("attribution", "templateTag"): Handler("attribution.tags.template_tags"),
    ("attribution", "report"): Handler("attribution.report.get_report"),
}
