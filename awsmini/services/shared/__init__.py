"""What several services do alike."""
