/**
 * Models as directories that MLflow loads, 2.9 to 3.x. Entry type: {@link
 * io.hdl.tracking.model.MlflowModel}, immutable and thread-safe. Knows files alone: nothing here
 * talks to a server.
 */
@NullMarked
package io.hdl.tracking.model;

import org.jspecify.annotations.NullMarked;
