"""The planner's room: seal an area for a time on paper, see who and what that hits, hand it in."""
