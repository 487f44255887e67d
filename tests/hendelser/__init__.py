"""The room `hendelser`: its rules and its doors' eyes."""
