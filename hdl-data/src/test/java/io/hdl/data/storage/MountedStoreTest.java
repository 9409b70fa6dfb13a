package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.storage.ObjectStore;
import io.hdl.core.testing.ObjectStoreContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lake's addresses on a mount. */
class MountedStoreTest extends ObjectStoreContract {
  private static final String CONTAINER = "abfss://curated@contoso.dfs.core.windows.net";

  @TempDir Path mount;

  private LakeStore store;

  @BeforeEach
  void open() {
    store =
        LakeStore.open(
            LakeAccess.from(Map.of()).mounts(StorageMounts.none().map(CONTAINER, mount)));
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
    return URI.create(CONTAINER + "/retail");
  }

  @Override
  protected URI foreign() {
    return URI.create("https://contoso.dfs.core.windows.net/curated/a");
  }

  @Override
  protected boolean hasEtags() {
    return false;
  }

  @Test
  void showsTheLakesAddressesAndServesLocalOnesToo() throws IOException {
    Files.createDirectories(mount.resolve("retail"));
    Files.writeString(mount.resolve("retail/a b"), "x");
    assertThat(store.list(folder()))
        .extracting(ObjectStore.Stat::uri)
        .containsExactly(URI.create(CONTAINER + "/retail/a%20b"));
    assertThat(store.stat(mount.resolve("retail/a b").toUri()).orElseThrow().size()).isOne();
    assertThat(store.listFrom(folder(), "b")).isEmpty();
    assertThat(store.listFrom(mount.resolve("retail").toUri(), "a")).hasSize(1);
  }
}
