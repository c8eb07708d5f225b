"""The issuer's keys and the offline root over them: made, published, rotated, withdrawn, trusted elsewhere."""
