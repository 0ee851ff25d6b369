"""Exports: create and poll a job, write the records of its file."""
