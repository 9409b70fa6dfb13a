/**
 * Training beside its peers: steps of hdl and of DJL's own Trainer, for {@code
 * benchmarks/train/run}, which runs Python's torch and NeuralForecast in turn with them. Entry:
 * {@link io.hdl.benchmarks.train.TrainWorker}. Everything belongs to one thread.
 */
@NullMarked
package io.hdl.benchmarks.train;

import org.jspecify.annotations.NullMarked;
