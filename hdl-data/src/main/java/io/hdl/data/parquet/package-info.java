/**
 * Parquet files to columns. Entry: {@link io.hdl.data.parquet.ColumnDecoder}, the seam behind which
 * decoders can be exchanged; the one that is there goes through parquet-java's column API. Flat
 * columns and leaves of structs are read, lists and maps are not.
 *
 * <p>A decoder is thread-safe; row groups of one file can be decoded by different threads at the
 * same time.
 */
@NullMarked
package io.hdl.data.parquet;

import org.jspecify.annotations.NullMarked;
