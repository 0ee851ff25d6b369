"""The unified model of each ad product, as two-way views of the native resources."""
