"""A desktop of the demo: an X session of this computer, shown through the desktop protocol."""
