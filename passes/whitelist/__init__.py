"""The whitelist of firms and their vehicles: what a row says, how a file of it is read, where it is kept."""
