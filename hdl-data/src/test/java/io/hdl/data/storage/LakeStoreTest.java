package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Secret;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.storage.ObjectStoreProvider;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.data.testing.DfsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeStoreTest {
  @TempDir Path folder;

  private final DfsServer lake = DfsServer.start();
  private final Secret key = Secret.of(lake.accountKey());
  private final RetryPolicy retry = RetryPolicy.defaults();

  @BeforeEach
  void fill() {
    lake.createContainer("curated");
    lake.put("curated", "t/x", "0123456789".getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    lake.close();
  }

  private LakeAccess access(URI endpoint) {
    return LakeAccess.from(Map.of()).emulator(endpoint, key).retry(retry);
  }

  private URI at(String path) {
    return lake.address("curated", path);
  }

  @Test
  void isFoundByItsSchemes() {
    assertThat(ServiceLoader.load(ObjectStoreProvider.class))
        .anySatisfy(
            provider -> {
              assertThat(provider.schemes()).contains("abfss", "abfs");
              try (ObjectStore store = provider.open(at("t/x"))) {
                assertThat(store).isInstanceOf(LakeStore.class);
              }
            });
  }

  @Test
  void opensWithoutAskingAnybody() {
    try (LakeStore store = LakeStore.open(at("t/x"), access(lake.endpoint()))) {
      assertThat(store.serves(at("t/x"))).isTrue();
      assertThat(lake.requests()).isEmpty();
    }
  }

  @Test
  void sharesAClientUntilTheLastStoreIsClosed() {
    int before = LakeClients.count();
    LakeAccess access = access(lake.endpoint());
    LakeStore first = LakeStore.open(at("t/x"), access);
    LakeStore second = LakeStore.open(at("t/x"), access);
    LakeStore other = LakeStore.open(at("t/x"), access.accountKey(Secret.of(lake.accountKey())));
    assertThat(LakeClients.count()).isEqualTo(before + 2);
    assertThat(first.stat(at("t/x"))).isPresent();
    first.close();
    first.close();
    assertThat(second.stat(at("t/x"))).isPresent();
    second.close();
    other.close();
    assertThat(LakeClients.count()).isEqualTo(before);
    assertThatThrownBy(() -> first.stat(at("t/x")))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("the store is closed");
  }

  @Test
  void sharesAClientAmongThoseWhoReadTheSameEnvironment() {
    int before = LakeClients.count();
    Map<String, String> environment =
        Map.of(
            "HDL_ABFS_ENDPOINT",
            lake.endpoint().toString(),
            "HDL_ABFS_ACCOUNT_KEY",
            lake.accountKey());
    try (LakeStore first = LakeStore.open(at("t/x"), LakeAccess.from(environment));
        LakeStore second = LakeStore.open(at("t/x"), LakeAccess.from(environment))) {
      assertThat(LakeClients.count()).isEqualTo(before + 1);
      assertThat(first.stat(at("t/x"))).isEqualTo(second.stat(at("t/x")));
    }
    assertThat(LakeClients.count()).isEqualTo(before);
  }

  @Test
  void listsFromANameOnOverSeveralPages() {
    IntStream.range(0, 25)
        .forEach(i -> lake.put("curated", String.format("log/%020d.json", i), new byte[i]));
    lake.put("curated", "log/.hdl-x-1.tmp", new byte[1]);
    lake.pageSize(4);
    try (LakeStore store = LakeStore.open(access(lake.endpoint()))) {
      List<ObjectStore.Stat> found = store.listFrom(at("log"), String.format("%020d.json", 7));
      assertThat(found).hasSize(18);
      assertThat(found.get(0).uri()).isEqualTo(at(String.format("log/%020d.json", 7)));
      assertThat(found).extracting(ObjectStore.Stat::size).isSorted();
      assertThat(store.list(at("log"))).hasSize(25);
      assertThat(store.listFrom(at("log"), "zzz")).isEmpty();
      assertThat(store.list(at("t/x"))).isEmpty();
    }
  }

  @Test
  void publishesWhatTakesSeveralRequestsAndLeavesNothingBeside() throws IOException {
    byte[] content = new byte[Upload.CHUNK * 2 + 12_345];
    new Random(3).nextBytes(content);
    Path source = Files.write(folder.resolve("source"), content);
    try (LakeStore store = LakeStore.open(access(lake.endpoint()))) {
      assertThat(store.publish(source, at("m/model.zip")).size()).isEqualTo(content.length);
      assertThat(lake.content("curated", "m/model.zip")).contains(content);
      assertThat(lake.paths("curated", "m")).containsExactly("m/model.zip");
      assertThat(lake.bytesReceived()).isEqualTo(content.length);
    }
  }

  @Test
  void publishesOnceThoughTheAnswerOfTheRenameIsLost() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "new");
    try (FaultProxy proxy = FaultProxy.before(lake.endpoint());
        LakeStore store = LakeStore.open(access(proxy.uri()))) {
      assertThat(store.stat(at("t/x"))).isPresent();
      boolean[] lost = new boolean[1];
      proxy.when(
          seen -> {
            boolean rename =
                seen.method().equals("PUT") && seen.target().contains("?mode=") && !lost[0];
            lost[0] |= rename;
            return rename;
          },
          Fault.resetAfterwards());
      assertThat(store.publish(source, at("t/x")).size()).isEqualTo(3);
      assertThat(lost[0]).as("%s", proxy.requests()).isTrue();
    }
    assertThat(lake.content("curated", "t/x")).contains("new".getBytes(StandardCharsets.UTF_8));
    assertThat(lake.paths("curated", "t")).containsExactly("t/x");
  }

  @Test
  void leavesTheOldObjectAndNothingElseWhenAnUploadFails() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "new");
    try (FaultProxy proxy = FaultProxy.before(lake.endpoint());
        LakeStore store = LakeStore.open(access(proxy.uri()).retry(RetryPolicy.never()))) {
      assertThat(store.stat(at("t/x"))).isPresent();
      proxy.when(seen -> seen.target().contains("action=flush"), Fault.reset());
      assertThatThrownBy(() -> store.publish(source, at("t/x")))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("Cannot publish " + at("t/x"));
    }
    assertThat(lake.paths("curated", "t")).containsExactly("t/x");
    assertThat(lake.content("curated", "t/x"))
        .hasValueSatisfying(old -> assertThat(old).hasSize(10));
  }

  @Test
  void failsAReaderWhoseObjectIsReplacedInMidRead() throws IOException {
    byte[] large = new byte[6 << 20];
    lake.put("curated", "t/big", large);
    try (LakeStore store = LakeStore.open(access(lake.endpoint()));
        InputStream in = store.read(at("t/big"), 0, Long.MAX_VALUE)) {
      assertThat(in.readNBytes(100)).hasSize(100);
      lake.put("curated", "t/big", new byte[7 << 20]);
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(ObjectChangedException.class)
          .hasMessageContaining("it was replaced meanwhile");
    }
  }

  @Test
  void opensAnAddressWhoseSchemeSaysTlsThroughAPlainEmulator() {
    URI secure = URI.create(at("t/x").toString().replace("abfs:", "abfss:"));
    try (LakeStore store = LakeStore.open(access(lake.endpoint()))) {
      assertThat(store.stat(secure).orElseThrow().uri()).isEqualTo(secure);
    }
  }

  @Test
  void saysWhichConnectorIsMissing() {
    for (String scheme : List.of("s3a", "gs")) {
      assertThatThrownBy(
              () -> LakeStore.open(URI.create(scheme + "://bucket/t"), access(lake.endpoint())))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessageContaining("Cannot open " + scheme + "://bucket/t: Hadoop's connector for")
          .hasMessageContaining(scheme.equals("gs") ? "gcs-connector" : "hadoop-aws");
    }
  }

  @Test
  void refusesToPublishAContainer() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "new");
    try (LakeStore store = LakeStore.open(access(lake.endpoint()))) {
      assertThatThrownBy(() -> store.publish(source, at("")))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("(expected: with the name of an object)");
    }
  }
}
