"""The ways to language models; the only package that imports a model's SDK."""
