"""Calls stages and edges in the right order. Decides nothing."""
