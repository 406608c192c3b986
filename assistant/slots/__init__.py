"""The kinds of slots, one file each."""
