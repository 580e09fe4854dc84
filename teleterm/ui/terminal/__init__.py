"""The terminal in a tab: paints an engine's frames on a canvas and sends it keys and mouse."""
