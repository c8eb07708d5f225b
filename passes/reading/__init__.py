"""Read what people and phones send: identity numbers, plates, phone numbers, positions, JSON objects, tables."""
