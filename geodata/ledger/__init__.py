"""The history log: an RFC 6962 tree over every record, so that an altered one is found (K14)."""
