package io.hdl.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import io.hdl.core.testing.ObjectStoreContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
  private final ObjectStore store = new LocalObjectStore();

  @TempDir Path objects;

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected URI folder() {
    return ObjectStores.uri(objects.toString());
  }

  @Override
  protected URI foreign() {
    return URI.create("abfss://curated@contoso.dfs.core.windows.net/x");
  }

  @Override
  protected boolean hasEtags() {
    return false;
  }

  @Test
  void takesAPlainPath() throws IOException {
    Files.writeString(objects.resolve("x"), "abc");
    assertThat(store.stat(URI.create(objects + "/x")).orElseThrow().size()).isEqualTo(3);
  }

  @Test
  void doesNotListWhatIsStillBeingPublished() throws IOException {
    Files.writeString(TemporaryName.beside(objects.resolve("x")), "half");
    Files.writeString(objects.resolve(".other.tmp"), "a user's own");
    assertThat(store.list(folder()))
        .extracting(ObjectStore.Stat::uri)
        .containsExactly(URI.create(folder() + "/.other.tmp"));
  }

  @Test
  void refusesARelativePathAndAForeignAddress() {
    assertThatThrownBy(() -> store.stat(URI.create("some/file")))
        .isInstanceOf(HdlException.class)
        .hasMessage("uri: some/file (expected: an absolute path)");
    assertThatThrownBy(() -> store.stat(foreign()))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "uri: abfss://curated@contoso.dfs.core.windows.net/x"
                + " (expected: a file: address or a path)");
    assertThatThrownBy(() -> store.stat(URI.create("file://server/share/x")))
        .isInstanceOf(HdlException.class)
        .hasMessage("uri: file://server/share/x (expected: a file: address of this machine)");
  }
}
