/** The run directory and its record, {@code run.json}. */
@NullMarked
package io.hdl.core.run;

import org.jspecify.annotations.NullMarked;
