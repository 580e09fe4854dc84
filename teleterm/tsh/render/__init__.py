"""Output formats: tables, JSON, YAML and the texts of single commands."""
