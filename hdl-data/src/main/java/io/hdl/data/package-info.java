/**
 * Data for training out of tables. Entry: {@link io.hdl.data.DeltaSource}, a Delta table at a
 * version, {@link io.hdl.data.SeriesSource}, its rows as time series, and {@link
 * io.hdl.data.RowSource}, its rows without an order in time. All are immutable and thread-safe.
 */
@NullMarked
package io.hdl.data;

import org.jspecify.annotations.NullMarked;
