/**
 * Rows for plain supervised learning, without an order in time: which columns are features and
 * labels ({@link io.hdl.data.row.RowSpec}), which rows are for training, validation and test
 * ({@link io.hdl.data.row.RowSplit}), and batches of them in a seeded order ({@link
 * io.hdl.data.row.RowFeed}). Entry: {@link io.hdl.data.row.RowDataset}.
 *
 * <p>Specifications are immutable and thread-safe, a dataset is thread-safe; a feed belongs to one
 * thread, a batch to the thread that holds its lease.
 */
@NullMarked
package io.hdl.data.row;

import org.jspecify.annotations.NullMarked;
