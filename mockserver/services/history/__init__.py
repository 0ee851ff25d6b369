"""Change history of a profile's entities."""
