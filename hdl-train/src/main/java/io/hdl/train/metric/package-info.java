/**
 * Accuracy of forecasts: WAPE, MAE, MSE, RMSE, sMAPE, MASE and the pinball loss, all in double.
 *
 * <p>{@link io.hdl.train.metric.Metrics} holds the definitions as pure functions on arrays. {@link
 * io.hdl.train.metric.PointErrors} and {@link io.hdl.train.metric.ScaledErrors} give the same
 * values over any number of windows without keeping them, and can be merged, so that threads
 * accumulate apart. A label that is missing (NaN) counts nowhere. A metric that is undefined, for
 * instance a WAPE over labels that are all zero, is NaN, never infinite.
 *
 * <p>The functions are thread-safe; an accumulator belongs to one thread at a time.
 */
@NullMarked
package io.hdl.train.metric;

import org.jspecify.annotations.NullMarked;
