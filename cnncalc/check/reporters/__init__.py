"""The results of a check in the forms that people and machines read, a module each."""
