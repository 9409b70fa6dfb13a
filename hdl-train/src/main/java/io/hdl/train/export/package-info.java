/**
 * What takes trained forecasters to Python. Entry: {@link io.hdl.train.export.PythonPackage}.
 * Thread-safe.
 */
@NullMarked
package io.hdl.train.export;

import org.jspecify.annotations.NullMarked;
