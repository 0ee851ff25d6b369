"""Reports: create, poll and delete a job, generate the rows of its file."""
