/**
 * Trains forecasters. Entries: {@link io.hdl.train.ForecastTraining} to train, {@link
 * io.hdl.train.Forecaster} to load a trained model and ask it for the future. Specifications are
 * immutable and thread-safe.
 */
@NullMarked
package io.hdl.train;

import org.jspecify.annotations.NullMarked;
