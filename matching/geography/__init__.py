"""Communes, territories, distances and geocoders, offline. No framework, no database."""
