/**
 * What tracking costs: {@link io.hdl.benchmarks.tracking.OutboxPutBenchmark} on the training
 * thread, {@link io.hdl.benchmarks.tracking.TrackingWorker} on the way to a server. {@code
 * benchmarks/tracking/run} runs all of it. Processes with one thread that measures.
 */
@NullMarked
package io.hdl.benchmarks.tracking;

import org.jspecify.annotations.NullMarked;
