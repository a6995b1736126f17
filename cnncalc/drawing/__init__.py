"""Pictures of networks: laid out as plain records, then written as SVG, Mermaid or DOT."""
