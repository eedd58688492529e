"""Imports: keep the original, inspect it, stage it, plan what changes, apply it."""
