"""One file per way to run a cross-encoder."""
