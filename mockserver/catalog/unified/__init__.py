"""The unified model of each ad product, as two-way mappings of native resources."""
