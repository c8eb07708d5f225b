"""The county as vector tiles for a map: roads by class, areas, places, closures and blockages."""
