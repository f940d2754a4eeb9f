"""What commands did, recorded where `cli_history = enabled` asks for it; `awsmini history` shows it."""
