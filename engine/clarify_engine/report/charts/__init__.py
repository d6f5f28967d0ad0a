"""Pictures as inline SVG, each a pure function of numbers and names."""
