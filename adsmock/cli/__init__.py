"""The command line: assembles ``adsmock`` from the installed commands."""
