/**
 * The seams that a job is made of: {@link io.hdl.core.job.DataSource}, {@link
 * io.hdl.core.job.Trainer}, {@link io.hdl.core.job.Tracker}, and what a running job offers them,
 * {@link io.hdl.core.job.JobContext}.
 */
@NullMarked
package io.hdl.core.job;

import org.jspecify.annotations.NullMarked;
