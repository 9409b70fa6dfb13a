/**
 * Measures tracking before a real MLflow server: {@link
 * io.hdl.benchmarks.tracking.TrackingComparison}, called by {@code benchmarks/tracking/run}.
 */
@NullMarked
package io.hdl.benchmarks.tracking;

import org.jspecify.annotations.NullMarked;
