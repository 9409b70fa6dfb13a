/**
 * MLflow's REST API on {@code java.net.http}, with the messages of mlflow-client as wire types.
 * Entry: {@link io.hdl.tracking.client.TrackingClient}.
 *
 * <p>Every call takes the time that it may need and asks once: what may pass is told by {@link
 * io.hdl.core.error.HdlException#retryable()}, and {@link
 * io.hdl.tracking.client.TrackingClient#retrying} asks again. Only 2xx is success: a redirect,
 * which may be a login page, is an error with its target named. Secrets show in no message and no
 * {@code toString()}. All types are thread-safe.
 */
@NullMarked
package io.hdl.tracking.client;

import org.jspecify.annotations.NullMarked;
