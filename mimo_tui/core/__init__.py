"""What is true: pure rules and values. Imports nothing of ours, touches no file, no socket and no clock."""
