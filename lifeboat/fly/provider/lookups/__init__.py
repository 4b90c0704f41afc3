"""The functions of the package, each declared beside what answers it; none changes anything."""
