"""What a call is made of beside the stages: the client it belongs to, where it goes, who is told of it."""
