"""What every process needs of the operating system: files, locks, folders, children, links."""
