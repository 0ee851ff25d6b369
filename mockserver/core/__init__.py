"""Values: clock, ids, store, bucket, fault plan, journal, sandbox. No web, no JSON text, no resource by name."""
