/** The job, wired by a builder. Entry: {@code HybridJob}. */
@NullMarked
package io.hdl.core;

import org.jspecify.annotations.NullMarked;
