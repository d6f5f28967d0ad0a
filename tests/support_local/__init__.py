"""What the tests of `clarify_local` share."""
