"""What a line of the access log costs: in instructions, which no other load changes."""
