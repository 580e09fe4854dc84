"""Colours, measures, fonts, icons and the ttk theme; the only place that knows a colour."""
