"""Evaluation: suites, measures and gates."""
