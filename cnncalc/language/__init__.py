"""Text → Spec: what is written, with positions. No layer kind is known here."""
