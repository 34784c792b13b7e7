"""What the site is made of, and whether anything of it is known to be unsafe."""
