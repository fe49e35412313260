"""Editions to be read by people: side by side and with their changes, on a terminal and as a page that can be sent.

``marks``, ``rows`` and ``changes`` say what stands where, and are pure; ``html`` makes self-contained pages of that,
with ``provenance`` at their foot.
"""
