"""A desktop's own process: reads what the desktop sends, gives the window pictures and words."""
