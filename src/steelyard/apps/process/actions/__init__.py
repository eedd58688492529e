"""Writes of the process room, one function an intent."""
