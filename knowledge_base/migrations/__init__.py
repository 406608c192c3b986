"""How the tables came to be what they are: one file in `versions/` a change, never edited once it is released."""
