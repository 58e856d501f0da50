"""Rows for tests: each function makes what its subject needs, with sensible values."""
