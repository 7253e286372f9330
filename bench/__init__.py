"""Benchmarks: each measured beside a peer in the same run, since machines are noisy. `make bench` writes docs/benchmarks.md."""
