/**
 * MLflow's REST API on {@code java.net.http}, with the messages of mlflow-client as wire types.
 * Entry: {@link io.hdl.tracking.client.ServerRun}.
 *
 * <p>Every request has a deadline. Only 2xx is success: a redirect, which may be a login page, is
 * an error with its target named. Secrets show in no message and no {@code toString()}. A {@link
 * io.hdl.tracking.client.TrackingServer} is immutable; a {@link io.hdl.tracking.client.ServerRun}
 * belongs to one thread at a time.
 */
@NullMarked
package io.hdl.tracking.client;

import org.jspecify.annotations.NullMarked;
