"""L'Établi. Kept empty of imports, so that the engine loads without Flask."""
