/**
 * What happens in a job, as sealed events. {@link io.hdl.core.event.JobListener} hears them in
 * order on the job's event thread.
 */
@NullMarked
package io.hdl.core.event;

import org.jspecify.annotations.NullMarked;
