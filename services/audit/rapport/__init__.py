"""The report of one hendelse afterwards, made from its rows in the archive and nothing else."""
