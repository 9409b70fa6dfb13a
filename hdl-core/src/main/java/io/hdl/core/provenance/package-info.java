/**
 * What a result depends on.
 *
 * <p>{@link io.hdl.core.provenance.RunProvenance} is the whole of it, {@link
 * io.hdl.core.provenance.DataProvenance} the part about data; {@link
 * io.hdl.core.provenance.SoftwareVersions} collects versions. Values are immutable; everything is
 * thread-safe.
 */
@NullMarked
package io.hdl.core.provenance;

import org.jspecify.annotations.NullMarked;
