//! Complete designs become fitted models with certificates: penalised generalised linear models and boosted trees.
