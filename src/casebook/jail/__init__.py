"""The jail: a process of its own, without network, host files or rights, for notebooks that must be run."""
