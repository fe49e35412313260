"""Government press briefings as one searchable, citable, tamper-evident record."""
