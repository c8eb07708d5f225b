"""Trips under way and over: positions from the phone, the receipt, whether the route was kept, the certificate."""
