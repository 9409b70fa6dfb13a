/**
 * Progress of a job for people, as a listener. Entry: {@link io.hdl.core.progress.ProgressBar}.
 * Called on the job's event thread alone; the only package that writes to a standard stream, and
 * only to the error stream.
 */
@NullMarked
package io.hdl.core.progress;

import org.jspecify.annotations.NullMarked;
