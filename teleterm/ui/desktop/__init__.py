"""A desktop drawn in a tab: its pictures, and the keys and the mouse for it."""
