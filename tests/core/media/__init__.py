"""Tests of what files of images, sounds and films say of themselves."""
