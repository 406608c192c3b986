"""One module per file format, found by its SUFFIXES, and the modules that several formats share."""
