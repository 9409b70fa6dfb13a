/**
 * Forecasting models as DJL Blocks, and the tensors they read. Entries: {@link
 * io.hdl.train.model.NHits} and its like, which are immutable specifications, and {@link
 * io.hdl.train.model.Models}, which finds them by name. The Python package among the resources of
 * {@code train.export} has a twin of each, and fixtures hold both to the same numbers. Blocks hold
 * no state between calls and may be called from several threads; tensors belong to the thread that
 * made them.
 */
@NullMarked
package io.hdl.train.model;

import org.jspecify.annotations.NullMarked;
