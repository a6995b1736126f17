"""What a spec and its report must fulfil: claims hold."""
