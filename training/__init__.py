"""Trains the judge of evidence that ships with Teller, from open reading-comprehension sets; nothing else imports it."""
