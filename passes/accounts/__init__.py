"""Accounts and sign-ins, and forms held for somebody whose sign-in had ended."""
