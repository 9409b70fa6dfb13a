/**
 * Columns in memory: their types, and batches of vectors that decoders fill and others read. Entry:
 * {@link io.hdl.data.column.ColumnBatch}.
 *
 * <p>Everything here is immutable by agreement: whoever fills a vector's arrays hands them over and
 * never touches them again, so that batches can be read by any thread.
 */
@NullMarked
package io.hdl.data.column;

import org.jspecify.annotations.NullMarked;
