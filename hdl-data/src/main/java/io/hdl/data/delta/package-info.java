/**
 * The Delta log: which data files make up a table at a version, under which schema, less which rows
 * ({@link io.hdl.data.delta.TableSnapshot}), which versions there are and when there is a new one
 * ({@link io.hdl.data.delta.TableHistory}), and a writer of plain tables ({@link
 * io.hdl.data.delta.DeltaTableWriter}). Two log readers stand behind one seam: delta-standalone for
 * tables of reader version 1, Delta Kernel for all others. This package and {@code data.storage}
 * are the only home of {@code io.delta} and Hadoop.
 *
 * <p>Values are immutable and thread-safe. Local files are read through {@code java.nio}; Hadoop's
 * shared cache of file systems is never used.
 */
@NullMarked
package io.hdl.data.delta;

import org.jspecify.annotations.NullMarked;
