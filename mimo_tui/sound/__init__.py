"""The loudspeaker: what plays samples on this machine, if anything does. Knows core only."""
