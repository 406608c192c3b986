"""The demo bank: a small core-banking service, a process of its own that Teller reaches over HTTP only."""
