package io.hdl.tracking.outbox;

/** A metric of a run, by the run's number. */
record MetricKey(int run, String key) {}
