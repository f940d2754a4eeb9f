"""Work on a cluster of Dask's: an address, a world that goes along with the work, tasks and their answers, a journal."""
