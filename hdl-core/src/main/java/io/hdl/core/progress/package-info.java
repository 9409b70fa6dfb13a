/** Progress of a job for people, as a listener. */
@NullMarked
package io.hdl.core.progress;

import org.jspecify.annotations.NullMarked;
