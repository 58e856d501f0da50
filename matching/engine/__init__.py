"""The matcher. Arrays in; placements, proof and reasons out.

No framework, no database, no clock, no names of people. Kept empty of imports, so that reading a
problem does not load the compiler.
"""
