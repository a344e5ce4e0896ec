"""Runs the scenarios of `tests/conformance` through the package: see its README, whose runner this follows."""
