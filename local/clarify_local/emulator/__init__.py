"""AWS on loopback: moto, and the parts of AWS that this project's stacks meet and moto leaves out.

``client`` is what other code uses; it imports no moto. Everything else runs in the child process
that ``python -m clarify_local.emulator`` starts. Each file changes one part of moto and says what
was missing there; the tests read back what each file promises, because moto is free to move.
"""
