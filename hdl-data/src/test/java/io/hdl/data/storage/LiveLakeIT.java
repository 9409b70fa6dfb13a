package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.identity.AzureCredentials;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.testing.ObjectStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same on a real account, with the identity that the environment gives; off by default. Run it
 * with {@code -Pazure -Dhdl.azure.account=NAME -Dhdl.azure.container=NAME}; the identity needs the
 * role Storage Blob Data Contributor on the container. All that it writes lies below a folder of
 * its own, {@code hdl-live-<random>}; it removes the files, the empty folders stay.
 */
@Tag("azure")
class LiveLakeIT extends ObjectStoreContract {
  private LakeStore store;
  private URI folder;

  @BeforeEach
  void open() {
    folder =
        URI.create(
            "abfss://"
                + property("hdl.azure.container")
                + "@"
                + property("hdl.azure.account")
                + ".dfs.core.windows.net/hdl-live-"
                + UUID.randomUUID());
    store =
        LakeStore.open(LakeAccess.from(Map.of()).credential(AzureCredentials.fromEnvironment()));
  }

  @AfterEach
  void removeAndClose() {
    for (String below : new String[] {"", "/sub", "/a%20b"}) {
      for (ObjectStore.Stat left : store.list(URI.create(folder + below))) {
        store.delete(left.uri());
      }
    }
    store.close();
  }

  @Test
  void publishesAndReadsMoreThanOneRequestTakes() throws IOException {
    byte[] content = new byte[3 * Upload.CHUNK + 17];
    new Random(1).nextBytes(content);
    Path source = Files.write(local.resolve("large"), content);
    URI target = URI.create(folder + "/large.bin");
    Optional<String> etag = store.publish(source, target).etag();
    try (RangeResponse range =
            store.ranges().open(target, 5, content.length - 5L, etag.orElseThrow());
        InputStream in = range.body()) {
      byte[] read = in.readAllBytes();
      assertThat(read).hasSize(content.length - 5);
      assertThat(read[0]).isEqualTo(content[5]);
    }
    assertThat(store.listFrom(folder, "m")).isEmpty();
    assertThat(store.listFrom(folder, "large.bin")).hasSize(1);
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
    return URI.create("https://example.org/a");
  }

  @Override
  protected boolean hasEtags() {
    return true;
  }

  private static String property(String name) {
    String value = System.getProperty(name, "");
    assertThat(value).as("the system property %s names what to test against", name).isNotEmpty();
    return Objects.requireNonNull(value);
  }
}
