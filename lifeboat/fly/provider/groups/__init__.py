"""Machine groups: what is declared and what is there become an ordered plan, which is then carried out.

`desired` and `member` are the two sides, `planning` decides, `plan` is its outcome. All of that is pure.
"""
