"""The pages of what is found without a lint rule: problems of the language, and what the check itself compares."""
