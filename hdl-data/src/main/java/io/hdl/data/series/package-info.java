/**
 * Time series: what makes them out of rows ({@link io.hdl.data.series.SeriesSpec}), where they lie
 * ({@link io.hdl.data.series.SeriesStore}, dense and off-heap, [series][time][channel]) and are
 * kept for the next start ({@link io.hdl.data.series.StoreCache}), how their steps are parted
 * ({@link io.hdl.data.series.Split}), scaled ({@link io.hdl.data.series.Scaler}) and cut into
 * windows ({@link io.hdl.data.series.Windows}), which {@link io.hdl.data.series.WindowFeed} gathers
 * ahead of a consumer. Entry: {@link io.hdl.data.series.SeriesStore}.
 *
 * <p>Everything here is immutable and thread-safe once it is built, except {@link
 * io.hdl.data.series.WindowBatch}, {@link io.hdl.data.series.WindowFeed} and the builders, which
 * belong to one thread at a time.
 */
@NullMarked
package io.hdl.data.series;

import org.jspecify.annotations.NullMarked;
