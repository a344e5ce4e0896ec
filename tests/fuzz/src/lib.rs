//! Holds the fuzz targets in `tests/`; see README.md.
