"""Many clients of one server for minutes; see script/soak."""
