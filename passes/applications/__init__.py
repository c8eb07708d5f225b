"""An application for a special pass, and every rule that it is checked against."""
