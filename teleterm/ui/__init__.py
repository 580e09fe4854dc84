"""The window: Tk only, sealed off from the machine, talking to main over the bridge."""
