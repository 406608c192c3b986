"""What a new bank starts with: branches, products, and customers with their history."""
