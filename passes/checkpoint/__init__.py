"""What a checkpoint expects, sees and does: expected trucks, scans, outcomes, refusals, waiting times."""
