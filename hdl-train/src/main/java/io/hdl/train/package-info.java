/**
 * Trains forecasters. Entries: {@link io.hdl.train.ForecastTraining} to train, {@link
 * io.hdl.train.Forecaster} to load a trained model and ask it for the future, {@link
 * io.hdl.train.ForecastEnsemble} for several that forecast as one. Specifications are immutable and
 * thread-safe.
 */
@NullMarked
package io.hdl.train;

import org.jspecify.annotations.NullMarked;
