/**
 * MLflow's directory of runs, written without a server and without Python. Entry: {@link
 * io.hdl.tracking.filestore.FileStore}.
 *
 * <p>The layout is the one that MLflow calls FileStore: its UI reads it ({@code
 * MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri DIR}) and {@code mlflow
 * migrate-filestore} moves it into a database. Several processes may use one directory; a {@link
 * io.hdl.tracking.filestore.FileStoreRun} belongs to one thread at a time.
 */
@NullMarked
package io.hdl.tracking.filestore;

import org.jspecify.annotations.NullMarked;
