"""What is where, and in what state: roads, places, areas, closures and their approvals."""
