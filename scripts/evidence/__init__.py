"""Evidence of a run: a pack of files that a third party can verify offline, and a page that people can read.

Everything here is made from the plan and the journal alone, so the same run gives the same bytes on every
machine that has this release. Nothing here acts on the world.
"""
