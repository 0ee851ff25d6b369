"""Business rules: each builder turns a row of data into a check of one item."""
