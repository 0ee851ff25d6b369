"""Values: clock, ids, store, fault plan, journal, sandbox. No web, no resource by name."""
