"""The operations of torch's graphs (ATen) in the words of the language: one file for each family."""
