"""One folder per room, and the program that runs any subset of them."""
