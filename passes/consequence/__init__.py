"""What a closure does before anybody decides it: places, people, trips, passes, green channels."""
