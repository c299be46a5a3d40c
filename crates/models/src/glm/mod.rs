//! Penalised generalised linear models.
