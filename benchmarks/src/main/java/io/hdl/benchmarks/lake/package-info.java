/**
 * The programs of {@code benchmarks/lake/run}, which compares ways to bring a file of the lake to
 * this machine. Entry: {@link io.hdl.benchmarks.lake.TransferComparison} runs one {@link
 * io.hdl.benchmarks.lake.TransferWorker} process for each way, in turn.
 */
@NullMarked
package io.hdl.benchmarks.lake;

import org.jspecify.annotations.NullMarked;
