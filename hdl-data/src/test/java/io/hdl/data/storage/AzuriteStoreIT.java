package io.hdl.data.storage;

import io.hdl.core.identity.Secret;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.testing.Azurite;
import io.hdl.core.testing.ObjectStoreContract;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Hadoop's driver and the SDK on an account without a hierarchical namespace. */
class AzuriteStoreIT extends ObjectStoreContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static Azurite lake;

  private LakeStore store;
  private URI folder;

  @BeforeAll
  static void start() {
    lake = Azurite.start();
    lake.createContainer("curated");
  }

  @AfterAll
  static void stop() {
    lake.close();
  }

  @BeforeEach
  void open() {
    folder = lake.address("curated", "test/" + NUMBER.incrementAndGet());
    LakeAccess access =
        LakeAccess.fromEnvironment().emulator(lake.endpoint(), Secret.of(lake.accountKey()));
    store = LakeStore.open(folder, access);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected URI folder() {
    return folder;
  }

  @Override
  protected URI foreign() {
    return URI.create("https://contoso.dfs.core.windows.net/curated/a");
  }

  @Override
  protected boolean hasEtags() {
    return true;
  }
}
