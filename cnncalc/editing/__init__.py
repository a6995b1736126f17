"""Answers to an editor about a text and a place in it: plain functions that know no protocol and read no file."""
