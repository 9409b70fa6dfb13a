/**
 * Parquet files to columns. Entry: {@link io.hdl.data.parquet.ColumnDecoder}, the seam behind which
 * decoders can be exchanged. hdl's own goes from pages straight to columns; what it does not know,
 * parquet-java's reader reads, column by column. Flat columns and leaves of structs are read, lists
 * and maps are not.
 *
 * <p>Files are read through channels, never mapped, and are not trusted: what a file says of itself
 * is checked before memory is reserved for it. An open column holds one window of its chunk, one
 * page (up to 1 GiB; mostly 1 MiB) and one dictionary (up to 256 MiB).
 *
 * <p>A decoder is thread-safe; row groups of one file can be decoded by different threads at the
 * same time.
 */
@NullMarked
package io.hdl.data.parquet;

import org.jspecify.annotations.NullMarked;
