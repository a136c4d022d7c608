"""Speech out and speech in, for screens and commands alike: takes, samples, voices, recognition, the player."""
