"""The changes, oldest first; a file's name begins with its revision."""
