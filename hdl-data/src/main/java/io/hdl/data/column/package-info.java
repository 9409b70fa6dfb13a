/**
 * Columns in memory: their types, and batches of vectors that decoders fill and others read. Entry:
 * {@link io.hdl.data.column.ColumnBatch}.
 *
 * <p>Types are immutable. A batch belongs to the sink that it is given to until that returns;
 * meanwhile any thread may read it.
 */
@NullMarked
package io.hdl.data.column;

import org.jspecify.annotations.NullMarked;
