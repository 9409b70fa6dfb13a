/**
 * Reads columns of a table's snapshot, batch by batch, in parallel: partition values and deleted
 * rows are put in their place here. Entry: {@link io.hdl.data.scan.TableScan}.
 *
 * <p>A scan owns its threads, {@code hdl-data-scan-…}; consumers are called on them.
 */
@NullMarked
package io.hdl.data.scan;

import org.jspecify.annotations.NullMarked;
