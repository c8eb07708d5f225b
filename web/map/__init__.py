"""The map: the county's tiles, the map that other rooms put in their pages, and the page that shows everything."""
