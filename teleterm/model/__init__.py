"""Words that several rooms share: addresses of resources, errors, time, secrets. No I/O."""
