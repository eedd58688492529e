"""A process as its own log tells it: what follows what, where it waits, comes back, and stops."""
