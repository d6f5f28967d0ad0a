"""What the tests of the bias metrics share."""
