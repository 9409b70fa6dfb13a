/**
 * Forecasting models as DJL Blocks, and the tensors they read. Entries: {@link
 * io.hdl.train.model.NHits}, {@link io.hdl.train.model.DLinear}; both are immutable specifications.
 * Blocks hold no state between calls and may be called from several threads; tensors belong to the
 * thread that made them.
 */
@NullMarked
package io.hdl.train.model;

import org.jspecify.annotations.NullMarked;
