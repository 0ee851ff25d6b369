"""A stateful double of the Amazon Ads API."""
