/**
 * Forecasting models as DJL Blocks, and the tensors they read. Entries: {@link
 * io.hdl.train.model.NHits} and the other models that {@link io.hdl.train.model.Models} names,
 * {@link io.hdl.train.model.BlockModel} for a Block of one's own and {@link
 * io.hdl.train.model.TorchScriptModel} for a module from Python; all are immutable specifications.
 * The Python package among the resources of {@code train.export} has a twin of each named model,
 * and fixtures hold both to the same numbers. Blocks hold no state between calls and may be called
 * from several threads; tensors belong to the thread that made them.
 */
@NullMarked
package io.hdl.train.model;

import org.jspecify.annotations.NullMarked;
