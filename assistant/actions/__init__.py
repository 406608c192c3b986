"""The bank operations, one file each."""
