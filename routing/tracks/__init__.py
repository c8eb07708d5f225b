"""Where a truck drove, from the positions that its phone sent: roads, passing through a place, turning back."""
