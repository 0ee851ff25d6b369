"""One entry per resource: parents, uniqueness, lifecycle, limits, rules. Data only."""
