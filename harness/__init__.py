"""A reference client and a conformance suite that judges any integration."""
