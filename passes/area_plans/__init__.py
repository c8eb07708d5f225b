"""A planner's what-ifs: an area, the line round it, its posts, and the requests that come of it."""
