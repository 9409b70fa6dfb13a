/**
 * Reads columns of a table's snapshot, batch by batch, in parallel: partition values and deleted
 * rows are put in their place here, files that a filter rules out are skipped, other rows are
 * filtered one by one, and a table is compared with what is expected of it ({@link
 * io.hdl.data.scan.ExpectedSchema}). Entry: {@link io.hdl.data.scan.TableScan}.
 *
 * <p>A scan owns its threads, {@code hdl-data-scan-…}; consumers are called on them.
 */
@NullMarked
package io.hdl.data.scan;

import org.jspecify.annotations.NullMarked;
