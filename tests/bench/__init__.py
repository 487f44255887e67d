"""Speed, shown as ratios against a floor measured in the same run; never in a timed test."""
