"""What each tool costs: CPU time and memory of whole processes, on templates of 1 to 1,000 services."""
