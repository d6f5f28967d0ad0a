"""What the tests of facts about AWS share; the same tests try their own logic on the emulator."""
