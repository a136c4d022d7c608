"""One widget a file, named after what it shows."""
