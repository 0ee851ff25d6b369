"""Product metadata and eligibility."""
