/**
 * Optimizers and learning-rate schedules. Entries: {@link io.hdl.train.optim.Adam}, {@link
 * io.hdl.train.optim.AdamW}, {@link io.hdl.train.optim.LearningRate}. Specifications are immutable
 * values; a {@link io.hdl.train.optim.FlatOptimizer} belongs to the thread of its replica.
 */
@NullMarked
package io.hdl.train.optim;

import org.jspecify.annotations.NullMarked;
