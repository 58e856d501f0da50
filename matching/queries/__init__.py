"""Reads: each function returns a Select, and every list starts at ``visible_to(user)``."""
