/**
 * The report of a training run: one HTML file that needs nothing else, with plots of forecasts
 * against what happened.
 *
 * <p>Entry: {@link io.hdl.train.report.ForecastReport}, fed with {@link
 * io.hdl.train.report.ReportData}. Values are immutable; writing happens on the calling thread.
 */
@NullMarked
package io.hdl.train.report;

import org.jspecify.annotations.NullMarked;
