"""The words that the check knows, a module a language. They are lower-case; entries may be regex stems."""
