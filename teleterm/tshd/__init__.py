"""The daemon behind `tsh daemon start`: the terminal service, its gateways and what they need."""
