/**
 * The reports of a training run and of a rolling backtest: one HTML file each that needs nothing
 * else, with plots of forecasts and errors.
 *
 * <p>Entry: {@link io.hdl.train.report.ForecastReport}, fed with {@link
 * io.hdl.train.report.ReportData}, and {@link io.hdl.train.report.RollingReport}. Values are
 * immutable; writing happens on the calling thread.
 */
@NullMarked
package io.hdl.train.report;

import org.jspecify.annotations.NullMarked;
