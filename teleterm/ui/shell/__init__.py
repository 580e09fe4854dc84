"""The frame around the documents: bars, tree, tabs, notices."""
