"""Text → Spec: the text as written, with positions. No layer kind is known here."""
