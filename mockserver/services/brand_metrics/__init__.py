"""Brand Metrics: reports of a brand's shoppers in its categories, compared with other brands."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("brandMetrics", "create"): Handler("brand_metrics.requests.create", commits=True),
    ("brandMetrics", "get"): Handler("brand_metrics.requests.get"),
}
