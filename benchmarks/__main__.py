"""`make bench`: everything that is said about speed, measured side by side in one run, as ratios."""

from benchmarks import serving, signing

signing.run()
serving.run()
