"""adsmock in other tools: the GitHub Action of this repository, and Testcontainers."""
