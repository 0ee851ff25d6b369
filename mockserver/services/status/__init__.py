"""Entity status: serving status, and the moderation of ads before they serve."""
