"""Images, sounds and films as a message may carry them: what their bytes say, their limits, and what they cost."""
