"""Measures bedside against its peers. Standard library only: the peers' packages live in bench/.env."""
