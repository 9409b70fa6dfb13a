/**
 * Training with and without tracking: {@link io.hdl.benchmarks.train.TrackedSteps}, called by
 * {@code benchmarks/tracking/run}.
 */
@NullMarked
package io.hdl.benchmarks.train;

import org.jspecify.annotations.NullMarked;
