"""The room of call-outs: one per person, what is asked, what is answered, and what happens when nobody answers."""
