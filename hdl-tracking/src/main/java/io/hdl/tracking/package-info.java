/**
 * Runs in MLflow. Entry: {@link io.hdl.tracking.Mlflow}, a {@link io.hdl.core.job.Tracker}.
 *
 * <pre>{@code
 * HybridJob.named("demand-forecast").data(...).train(...).track(Mlflow.fromEnvironment())
 * }</pre>
 *
 * <p>An {@code Mlflow} is immutable; the runs that it opens take items from any thread and deliver
 * them on a thread of their own, {@code hdl-tracking-sender}.
 */
@NullMarked
package io.hdl.tracking;

import org.jspecify.annotations.NullMarked;
