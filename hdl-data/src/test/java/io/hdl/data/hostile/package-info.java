/**
 * What damaged, shrinking and vanishing files, other writers and small heaps must not bring about:
 * wrong rows without an error, an error of another type than {@code HdlException}, an endless loop,
 * memory without a bound, or the end of the JVM. Everything goes through the seams that users have,
 * {@code TableSnapshot} and {@code TableScan}; what could take the JVM with it runs in a child.
 */
@NullMarked
package io.hdl.data.hostile;

import org.jspecify.annotations.NullMarked;
