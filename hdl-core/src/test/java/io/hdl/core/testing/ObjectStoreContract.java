package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ObjectStore} must do; each implementation extends this class. */
public abstract class ObjectStoreContract {
  /** Where the files lie that get published. */
  @TempDir protected Path local;

  /** The store under test; the same one throughout a test. */
  protected abstract ObjectStore store();

  /** Address of a folder that is this test's own and empty, without a slash at its end. */
  protected abstract URI folder();

  /** An address that the store does not serve. */
  protected abstract URI foreign();

  /** Whether the store marks versions with an etag. */
  protected abstract boolean hasEtags();

  /** How far the store's clock may be from this machine's. */
  protected Duration clockTolerance() {
    return Duration.ofMinutes(1);
  }

  private URI at(String name) {
    return URI.create(folder() + "/" + name);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(local, "source", ".bin"), content);
  }

  private void put(String name, String text) throws IOException {
    store().publish(file(text.getBytes(StandardCharsets.UTF_8)), at(name));
  }

  private byte[] get(String name, long offset, long length) throws IOException {
    try (InputStream in = store().read(at(name), offset, length)) {
      return in.readAllBytes();
    }
  }

  private String text(String name) throws IOException {
    return new String(get(name, 0, Long.MAX_VALUE), StandardCharsets.UTF_8);
  }

  @Test
  void servesItsOwnAddressesAlone() {
    assertThat(store().serves(at("a"))).isTrue();
    assertThat(store().serves(foreign())).isFalse();
  }

  @Test
  void readsBackWhatWasPublished() throws IOException {
    byte[] content = new byte[3_000_001];
    new Random(5).nextBytes(content);
    ObjectStore.Stat published = store().publish(file(content), at("sub/big.bin"));
    assertThat(published.size()).isEqualTo(content.length);
    assertThat(get("sub/big.bin", 0, Long.MAX_VALUE)).isEqualTo(content);
  }

  @Test
  void publishesAnEmptyObject() throws IOException {
    put("empty", "");
    assertThat(text("empty")).isEmpty();
    assertThat(store().stat(at("empty")).orElseThrow().size()).isZero();
  }

  @Test
  void keepsNamesWithBlanksAndOtherLetters() throws IOException {
    String name = "a%20b/%C3%A4%2B%25.txt";
    put(name, "x");
    assertThat(text(name)).isEqualTo("x");
    assertThat(store().list(at("a%20b"))).hasSize(1);
  }

  @Test
  void leavesTheSourceFile() throws IOException {
    Path source = file(new byte[] {1, 2});
    store().publish(source, at("x"));
    assertThat(source).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void readsARange() throws IOException {
    put("x", "0123456789");
    assertThat(get("x", 3, 4)).asString(StandardCharsets.UTF_8).isEqualTo("3456");
    assertThat(get("x", 8, 100)).asString(StandardCharsets.UTF_8).isEqualTo("89");
    assertThat(get("x", 10, 1)).isEmpty();
    assertThat(get("x", 4, 0)).isEmpty();
  }

  @Test
  void readsARangeByteByByte() throws IOException {
    put("x", "0123456789");
    try (InputStream in = store().read(at("x"), 7, 2)) {
      assertThat(in.read()).isEqualTo('7');
      assertThat(in.read()).isEqualTo('8');
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void rejectsNegativeRanges() throws IOException {
    put("x", "0123456789");
    assertThatThrownBy(() -> get("x", -1, 2))
        .isInstanceOf(HdlException.class)
        .hasMessage("offset: -1 (expected: >= 0)");
    assertThatThrownBy(() -> get("x", 0, -2))
        .isInstanceOf(HdlException.class)
        .hasMessage("length: -2 (expected: >= 0)");
  }

  @Test
  void namesAnObjectThatDoesNotExist() {
    HdlException e = catchThrowableOfType(HdlException.class, () -> get("none.bin", 0, 1));
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(e).hasMessageContaining("none.bin").hasMessageContaining("does not exist");
    assertThat(store().stat(at("none.bin"))).isEmpty();
  }

  @Test
  void tellsSizeTimeAndEtag() throws IOException {
    Instant before = Instant.now();
    put("x", "abc");
    ObjectStore.Stat stat = store().stat(at("x")).orElseThrow();
    assertThat(stat.uri()).isEqualTo(at("x"));
    assertThat(stat.size()).isEqualTo(3);
    assertThat(stat.modified())
        .isBetween(before.minus(clockTolerance()), Instant.now().plus(clockTolerance()));
    assertThat(stat.etag().isPresent()).isEqualTo(hasEtags());
  }

  @Test
  void listsWhatLiesDirectlyBelowByName() throws IOException {
    put("b", "22");
    put("a", "1");
    put("sub/c", "333");
    List<ObjectStore.Stat> found = store().list(folder());
    assertThat(found).extracting(ObjectStore.Stat::uri).containsExactly(at("a"), at("b"));
    assertThat(found).extracting(ObjectStore.Stat::size).containsExactly(1L, 2L);
    assertThat(store().list(at("sub"))).hasSize(1);
  }

  @Test
  void aFolderThatDoesNotExistIsEmpty() {
    assertThat(store().list(at("nowhere"))).isEmpty();
  }

  @Test
  void aFolderIsNoObject() throws IOException {
    put("sub/c", "333");
    assertThat(store().stat(at("sub"))).isEmpty();
    HdlException e = catchThrowableOfType(HdlException.class, () -> get("sub", 0, 1));
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
    store().delete(at("sub"));
    assertThat(text("sub/c")).isEqualTo("333");
  }

  @Test
  void replacesAnObject() throws IOException {
    put("x", "a longer first text");
    put("x", "second");
    assertThat(text("x")).isEqualTo("second");
    assertThat(store().list(folder())).hasSize(1);
  }

  @Test
  void keepsTheOldObjectWhenTheSourceIsMissing() throws IOException {
    put("x", "old");
    HdlException e =
        catchThrowableOfType(
            HdlException.class, () -> store().publish(local.resolve("missing"), at("x")));
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(e).hasMessageContaining("missing");
    assertThat(text("x")).isEqualTo("old");
    assertThat(store().list(folder())).hasSize(1);
  }

  @Test
  void deletesAnObjectAndAcceptsThatThereIsNone() throws IOException {
    put("x", "abc");
    store().delete(at("x"));
    assertThat(store().stat(at("x"))).isEmpty();
    store().delete(at("x"));
  }

  @Test
  void aReaderNeverSeesHalfAnObject() throws Exception {
    byte[] zeros = new byte[400_000];
    byte[] ones = new byte[300_000];
    Arrays.fill(ones, (byte) 1);
    Path first = file(zeros);
    Path second = file(ones);
    store().publish(first, at("x"));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      CompletableFuture<Integer> reader =
          CompletableFuture.supplyAsync(
              () -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                  byte[] seen;
                  try {
                    seen = get("x", 0, Long.MAX_VALUE);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                  assertThat(seen.length).isIn(zeros.length, ones.length);
                  assertThat(seen).isEqualTo(seen.length == zeros.length ? zeros : ones);
                  reads++;
                }
                return reads;
              },
              executor);
      for (int i = 0; i < 10; i++) {
        store().publish(i % 2 == 0 ? second : first, at("x"));
      }
      done.set(true);
      assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void closesTwice() {
    store().close();
    store().close();
  }
}
