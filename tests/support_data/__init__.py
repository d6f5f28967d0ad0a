"""Help for the tests of the engine's data reading."""
