package io.hdl.data.storage;

import io.hdl.core.identity.TokenSource;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.storage.ObjectStoreProvider;
import java.net.URI;
import java.util.Set;

/** Brings the lake's schemes to {@link io.hdl.core.storage.ObjectStores}. Thread-safe. */
public final class LakeStoreProvider implements ObjectStoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public LakeStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("abfss", "abfs", "s3a", "gs", "hdfs");
  }

  @Override
  public ObjectStore open(URI uri) {
    return LakeStore.open(uri, LakeAccess.fromEnvironment());
  }

  @Override
  public ObjectStore open(URI uri, TokenSource tokens) {
    return LakeStore.open(uri, LakeAccess.fromEnvironment().credential(tokens));
  }
}
