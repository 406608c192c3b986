"""The service over HTTP, one file for each kind of thing."""
