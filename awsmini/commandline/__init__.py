"""What every command is made of: its words read, its options, its answer shown."""
