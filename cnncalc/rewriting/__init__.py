"""Specs as text: put into canonical form, or given new claims, with every comment kept."""
