/**
 * JMH benchmarks of the paths that have to be fast; {@code benchmarks/RESULTS.md} says how to run
 * them.
 */
@NullMarked
package io.hdl.benchmarks;

import org.jspecify.annotations.NullMarked;
