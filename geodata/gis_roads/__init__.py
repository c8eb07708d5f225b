"""Roads out of GIS files: columns, joining at shared points, the network."""
