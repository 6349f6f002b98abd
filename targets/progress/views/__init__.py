"""The leaders' pages, a module for each."""
