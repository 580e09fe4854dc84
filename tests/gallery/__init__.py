"""Every screen and state of the window on a stage: pictures, their readable text, and checks."""
