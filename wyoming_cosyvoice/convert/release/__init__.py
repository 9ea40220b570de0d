"""Read a published release: files, settings, weights, speakers."""
