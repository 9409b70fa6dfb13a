package io.hdl.data.storage;

import io.hdl.data.testing.DfsServer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Hadoop's driver and the SDK on an account with a hierarchical namespace. */
class DfsStoreTest extends EmulatedStoreContract {
  private static DfsServer lake;

  @BeforeAll
  static void start() {
    lake = DfsServer.start();
    lake.createContainer("curated");
  }

  @AfterAll
  static void stop() {
    lake.close();
  }

  @Override
  protected URI endpoint() {
    return lake.endpoint();
  }

  @Override
  protected String accountKey() {
    return lake.accountKey();
  }

  @Override
  protected URI address(String path) {
    return lake.address("curated", path);
  }
}
