/**
 * Data for training out of tables. Entry: {@link io.hdl.data.DeltaSource}, a Delta table at a
 * version, and {@link io.hdl.data.SeriesSource}, its rows as time series. Both are immutable and
 * thread-safe.
 */
@NullMarked
package io.hdl.data;

import org.jspecify.annotations.NullMarked;
