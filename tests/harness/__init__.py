"""The city as tests speak of it: people who post, phones that answer, a clock that can be moved."""
