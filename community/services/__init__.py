"""Every write that touches more than one row: one function, one transaction."""
