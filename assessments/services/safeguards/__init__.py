"""What protects people: missing voices, ground rules, the pledge, concerns."""
