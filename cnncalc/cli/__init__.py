"""The commands. Each file is one command: it reads, calls, renders and exits."""
