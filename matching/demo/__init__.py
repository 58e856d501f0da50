"""The fictional world of the demonstration, built from a seed. No number here is anybody's."""
