/**
 * Conditions on the rows of a table ({@link io.hdl.data.filter.Filter}): built by methods or parsed
 * from text, bound to the columns' types ({@link io.hdl.data.filter.BoundFilter}), and then decided
 * either for a whole file by what is known of its columns or exactly, row by row.
 *
 * <p>A condition is true, false or, where a null is compared, unknown; only rows for which it is
 * true pass, as in SQL. Everything here is immutable and thread-safe, save {@link
 * io.hdl.data.filter.RowMatcher}, which belongs to one thread.
 */
@NullMarked
package io.hdl.data.filter;

import org.jspecify.annotations.NullMarked;
