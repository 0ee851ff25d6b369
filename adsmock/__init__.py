"""adsmock: a stateful mock of the Amazon Ads API and a conformance suite for integrations."""
