"""Language models behind the port in assistant/llm.py; the only package that imports a model's SDK."""
