"""Benchmarks: ours and a reference of what is possible, on the same data, in one sitting, taking turns."""
