"""What is done with applications: filed one by one or by the thousand, answered, issued, reviewed."""
