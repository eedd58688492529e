"""Results drawn: plain figures in, one Vega-Lite spec out, for page, PDF and command line.

Specs are written as plain dictionaries, not through Altair's classes: importing those takes a second
and checking a layered chart tens of milliseconds, on every page. Tests check every spec against
Altair's schema instead, and `altair.Chart.from_dict(spec)` takes them as they are.
"""
