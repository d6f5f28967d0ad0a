"""Every call of every role against every policy: who may do what, evaluated and not claimed."""
