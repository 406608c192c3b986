"""HTTP interface over the assistant; one module a resource."""
