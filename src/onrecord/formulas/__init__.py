"""Set phrases: where any phrase of the record stands, which ones it repeats, and when they come and go."""
