"""The desk of supervision: findings in the order of travel, sent, verified and closed."""
