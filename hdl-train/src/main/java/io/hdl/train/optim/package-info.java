/**
 * Optimizers, learning-rate schedules and averages of weights. Entries: {@link
 * io.hdl.train.optim.Adam}, {@link io.hdl.train.optim.AdamW}, {@link io.hdl.train.optim.Sgd},
 * {@link io.hdl.train.optim.LearningRate}, {@link io.hdl.train.optim.WeightAveraging}.
 * Specifications are immutable values that come back from their recorded settings; a {@link
 * io.hdl.train.optim.FlatOptimizer} belongs to the thread of its replica, a {@link
 * io.hdl.train.optim.RateSchedule} and {@link io.hdl.train.optim.AveragedWeights} to the thread
 * that trains.
 */
@NullMarked
package io.hdl.train.optim;

import org.jspecify.annotations.NullMarked;
