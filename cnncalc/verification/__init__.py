"""Claims and observations side by side: the only part that sees both."""
