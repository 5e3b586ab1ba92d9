"""One module per command of the ``casebook`` program; see ``casebook.cli`` for what a module must have."""
