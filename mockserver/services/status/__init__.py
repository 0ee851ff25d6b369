"""Entity status: serving status and moderation."""
