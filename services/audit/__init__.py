"""The archive of the journal: every event in one chain, and the report that is made from it afterwards."""
