/** JSON, the only home of Jackson. */
@NullMarked
package io.hdl.core.json;

import org.jspecify.annotations.NullMarked;
