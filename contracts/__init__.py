"""What the wire looks like, as data: contracts, shared tables, and the schemas made from them."""
