"""Login with Amazon."""
