"""Many reports: sources → chunks → parts of a dataset, on one machine or many, resumed after a stop."""
