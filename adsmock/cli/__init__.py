"""The command line: assembles ``adsmock`` from its installed commands."""
