"""Read OpenStreetMap files: tags, access, limits, road classes, pieces between junctions, turn restrictions."""
