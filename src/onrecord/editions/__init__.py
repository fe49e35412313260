"""Editions against each other: what was changed, what was left out, what was said otherwise in translation."""
