"""Presets, keys and models of Xiaomi MiMo, in the terminal."""

__version__ = "0.1.0"
