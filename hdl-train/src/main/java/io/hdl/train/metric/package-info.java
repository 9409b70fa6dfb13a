/**
 * Accuracy of forecasts, all in double: WAPE, MAE, MSE, RMSE, sMAPE, MASE, RMSSE, OWA; pinball
 * loss, weighted quantile loss, interval coverage and CRPS; WRMSSE over a hierarchy of series.
 *
 * <p>{@link io.hdl.train.metric.Metrics} and {@link io.hdl.train.metric.ScoringRules} hold the
 * definitions as pure functions on arrays; {@link io.hdl.train.metric.Wrmsse} adds series up along
 * a {@link io.hdl.train.metric.Hierarchy}. {@link io.hdl.train.metric.PointErrors} and {@link
 * io.hdl.train.metric.ScaledErrors} give the same values over any number of windows without keeping
 * them, and can be merged, so that threads accumulate apart. A label that is missing (NaN) counts
 * nowhere. A metric that is undefined, for instance a WAPE over labels that are all zero, is NaN,
 * never infinite.
 *
 * <p>The functions are thread-safe; an accumulator belongs to one thread at a time.
 */
@NullMarked
package io.hdl.train.metric;

import org.jspecify.annotations.NullMarked;
