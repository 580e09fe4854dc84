"""Building what people download: the tree, the single file around it, and signed releases."""
