"""Generated reference pages: the program's own data as Markdown."""
