"""The platform, simulated; for now the sample library that `--demo` opens."""
