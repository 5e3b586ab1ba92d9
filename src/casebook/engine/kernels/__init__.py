"""The numerical loops, one family a file; each is plain Python that numba can compile."""
