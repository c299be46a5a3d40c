//! The promises that every model keeps, as checks that any implementation can run in one line.
