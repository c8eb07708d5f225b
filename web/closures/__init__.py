"""The record of closures for officers, and what the desks of township, headquarters and supervision share."""
