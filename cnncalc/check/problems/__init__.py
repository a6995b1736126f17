"""The pages of findings without a lint rule: problems of the language, and comparisons of the check itself."""
