"""The contract between the Fly client and the emulated Fly: two readings of one API, checking each other."""
