"""Reports of blocked roads, and the photos that come with them."""
