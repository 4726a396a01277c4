"""The database's shape over time: expand, deploy, contract. SQL by hand; never imports the program's code."""
