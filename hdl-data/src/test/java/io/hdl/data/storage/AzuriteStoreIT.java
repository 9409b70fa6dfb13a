package io.hdl.data.storage;

import io.hdl.core.testing.Azurite;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Hadoop's driver and the SDK on an account without a hierarchical namespace. */
class AzuriteStoreIT extends EmulatedStoreContract {
  private static Azurite lake;

  @BeforeAll
  static void start() {
    lake = Azurite.start();
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
