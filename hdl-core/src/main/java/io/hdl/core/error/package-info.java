/**
 * Errors with codes, and the collector of problems. Everything in hdl that throws, throws {@link
 * io.hdl.core.error.HdlException}.
 */
@NullMarked
package io.hdl.core.error;

import org.jspecify.annotations.NullMarked;
