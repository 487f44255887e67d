"""Place → bydel, driftsenhet and sentrum; rule set → decision with reasons."""
