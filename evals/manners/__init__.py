"""Manners of simulated customers, one file each, with its wordings in a file of the same name."""
