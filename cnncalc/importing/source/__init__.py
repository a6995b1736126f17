"""Python source of a model → graph. It is read, never executed: `evaluator` follows a bounded part of Python."""
