"""The desk of headquarters: decide on closures, with the consequence first."""
