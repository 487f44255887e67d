"""`./salto skjermbilder`: the pictures of the README and the user guide, taken of the running system."""
