"""Values: clock, ids, store, fault plan, journal, sandbox. No web framework, no resource by name."""
