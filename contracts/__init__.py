"""What the wire of the Amazon Ads API looks like, as data."""
