package io.hdl.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoresTest {
  @TempDir Path folder;

  private record Brings(Set<String> schemes) implements ObjectStoreProvider {
    @Override
    public ObjectStore open(URI uri) {
      return new LocalObjectStore();
    }

    @Override
    public ObjectStore open(URI uri, TokenSource tokens) {
      return new LocalObjectStore();
    }
  }

  @Test
  void opensLocalFilesByAddressAndByPath() {
    assertThat(ObjectStores.open(URI.create("file:/data"))).isInstanceOf(LocalObjectStore.class);
    assertThat(ObjectStores.open(URI.create("/data"))).isInstanceOf(LocalObjectStore.class);
  }

  @Test
  void findsTheProviderOfAScheme() {
    ObjectStoreProvider lake = new Brings(Set.of("abfs", "abfss"));
    ObjectStoreProvider other = new Brings(Set.of("s3"));
    assertThat(ObjectStores.provider(URI.create("ABFSS://c@a/x"), List.of(other, lake)))
        .isSameAs(lake);
  }

  @Test
  void saysWhichModuleBringsTheLake() {
    HdlException e =
        catchThrowableOfType(
            HdlException.class,
            () -> ObjectStores.provider(URI.create("abfss://c@a/x"), List.of()));
    assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE);
    assertThat(e)
        .hasMessage(
            "Cannot open abfss://c@a/x: nothing on the class path serves the scheme \"abfss\""
                + " (known: file). Add a release of hdl-data that brings it, or use a mounted"
                + " path.");
  }

  @Test
  void listsTheSchemesThatAreKnown() {
    assertThatThrownBy(
            () ->
                ObjectStores.provider(
                    URI.create("gs://bucket/x"), List.of(new Brings(Set.of("abfss")))))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "Cannot open gs://bucket/x: nothing on the class path serves the scheme \"gs\" (known:"
                + " abfss, file). Use one of these, or add a library with an ObjectStoreProvider"
                + " for it.");
  }

  @Test
  void makesAddressesOfTextsAndPaths() {
    assertThat(ObjectStores.uri("abfss://c@a/x")).isEqualTo(URI.create("abfss://c@a/x"));
    assertThat(ObjectStores.uri(folder.toString()).toString())
        .startsWith("file:///")
        .doesNotEndWith("/");
    assertThat(ObjectStores.uri(folder.resolve("a b").toString()).toString()).endsWith("/a%20b");
    assertThat(ObjectStores.uri("relative").getPath())
        .isEqualTo(Path.of("relative").toAbsolutePath().toString());
  }

  @Test
  void refusesWhatIsNoAddress() {
    assertThatThrownBy(() -> ObjectStores.uri(" "))
        .isInstanceOf(HdlException.class)
        .hasMessage("address: \"\" (expected: an address or a path)");
    assertThatThrownBy(() -> ObjectStores.uri("abfss://c@a/b c"))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("address: \"abfss://c@a/b c\" (expected: an address or a path): ");
  }
}
