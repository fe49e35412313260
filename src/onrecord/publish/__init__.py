"""What leaves a record for others to read: citations, and export formats, one file each."""
