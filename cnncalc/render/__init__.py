"""Report → text: tables, JSON, CSV, Markdown, LaTeX, HTML."""
