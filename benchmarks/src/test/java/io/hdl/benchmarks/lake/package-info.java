/** The server of {@code benchmarks/lake/run}. */
@NullMarked
package io.hdl.benchmarks.lake;

import org.jspecify.annotations.NullMarked;
