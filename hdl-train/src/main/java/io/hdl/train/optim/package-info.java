/**
 * Optimizers and learning-rate schedules. Entries: {@link io.hdl.train.optim.Adam}, {@link
 * io.hdl.train.optim.AdamW}, {@link io.hdl.train.optim.LearningRate}. Specifications are immutable
 * values; {@link io.hdl.train.optim.FusedAdam} belongs to the training thread.
 */
@NullMarked
package io.hdl.train.optim;

import org.jspecify.annotations.NullMarked;
