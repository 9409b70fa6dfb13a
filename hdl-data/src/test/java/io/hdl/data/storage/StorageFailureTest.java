package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.ManualTime;
import io.hdl.data.testing.DfsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users are told, through Hadoop's driver, the SDK and ranged requests. */
class StorageFailureTest {
  @TempDir Path folder;

  private final DfsServer lake = DfsServer.start();
  private final FaultProxy proxy = FaultProxy.before(lake.endpoint());
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-11-01T00:00:00Z"));
  private final URI file = lake.address("curated", "t/x");

  @BeforeEach
  void fill() {
    lake.createContainer("curated");
    lake.put("curated", "t/x", "0123456789".getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    proxy.close();
    lake.close();
  }

  private LakeAccess access() {
    return LakeAccess.from(Map.of())
        .emulator(proxy.uri(), Secret.of(lake.accountKey()))
        .retry(RetryPolicy.builder().maxTries(3).time(time).build());
  }

  private static TokenSource tokens(String value) {
    return new TokenSource() {
      @Override
      public AccessToken token(List<String> scopes) {
        assertThat(scopes).containsExactly("https://storage.azure.com/.default");
        return new AccessToken(value, Instant.now().plus(Duration.ofHours(1)));
      }

      @Override
      public String description() {
        return "managed identity of the test";
      }
    };
  }

  private String read(LakeStore store) throws IOException {
    try (InputStream in = store.read(file, 2, 3)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HdlException failure(LakeStore store, ErrorCode code, Work work) {
    HdlException e = catchThrowableOfType(HdlException.class, () -> work.on(store));
    assertThat(e).isNotNull();
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    assertThat(e).hasMessageNotContaining("secret-token");
    return e;
  }

  @FunctionalInterface
  private interface Work {
    void on(LakeStore store) throws Exception;
  }

  @Test
  void readsAndPublishesWithATokenAlone() throws IOException {
    lake.acceptOnly("secret-token");
    int lent = HadoopTokens.lent();
    try (LakeStore store = LakeStore.open(access().credential(tokens("secret-token")))) {
      assertThat(read(store)).isEqualTo("234");
      assertThat(HadoopTokens.lent()).isEqualTo(lent + 1);
      Path source = Files.writeString(folder.resolve("source"), "new");
      store.publish(source, lake.address("curated", "t/y"));
      assertThat(lake.content("curated", "t/y")).contains("new".getBytes(StandardCharsets.UTF_8));
      assertThat(store.ranges().open(file, 2, 3, RangeReader.ANY_VERSION).length()).isEqualTo(3);
    }
    assertThat(HadoopTokens.lent()).isEqualTo(lent);
  }

  @Test
  void tellsARefusedTokenFromAMissingPermission() throws IOException {
    LakeAccess access = access().credential(tokens("secret-token"));
    try (LakeStore store = LakeStore.open(access)) {
      assertThat(read(store)).isEqualTo("234");
      lake.deny(401);
      String unauthenticated =
          "the service does not accept the credential (401 InvalidAuthenticationInfo; used: managed"
              + " identity of the test). It may be expired or revoked, or be one of another tenant";
      assertThat(failure(store, ErrorCode.UNAUTHENTICATED, s -> s.list(file)))
          .hasMessageContaining("Cannot list " + file + ": " + unauthenticated.substring(0, 48))
          .hasMessageContaining("used: managed identity of the test");
      assertThat(
              failure(store, ErrorCode.UNAUTHENTICATED, s -> s.ranges().open(file, 0, 1, "\"x\"")))
          .hasMessageContaining("Cannot read " + file + ": " + unauthenticated);
      lake.deny(403);
      String role = " on the container, or an access control list that allows it.";
      assertThat(failure(store, ErrorCode.PERMISSION_DENIED, s -> s.list(file)))
          .hasMessageContaining("Cannot list " + file + ": permission is missing (403")
          .hasMessageContaining("used: managed identity of the test")
          .hasMessageContaining("the role Storage Blob Data Reader" + role);
      Path source = Files.writeString(folder.resolve("source"), "new");
      assertThat(failure(store, ErrorCode.PERMISSION_DENIED, s -> s.publish(source, file)))
          .hasMessageContaining("(403 AuthorizationPermissionMismatch; used: managed identity")
          .hasMessageContaining("the role Storage Blob Data Contributor" + role);
      assertThat(failure(store, ErrorCode.PERMISSION_DENIED, s -> s.delete(file)))
          .hasMessageContaining("the role Storage Blob Data");
    }
    lake.deny(401);
    try (LakeStore store = LakeStore.open(access)) {
      assertThat(failure(store, ErrorCode.UNAUTHENTICATED, s -> s.stat(file)))
          .hasMessageContaining("used: managed identity of the test");
    }
  }

  @Test
  void passesOnWhyThereIsNoToken() {
    TokenSource none =
        scopes -> {
          throw new HdlException(ErrorCode.UNAUTHENTICATED, "No identity here. Sign in.");
        };
    try (LakeStore store = LakeStore.open(access().credential(none))) {
      assertThat(failure(store, ErrorCode.UNAUTHENTICATED, s -> s.stat(file)))
          .hasMessage("No identity here. Sign in.");
    }
  }

  @Test
  void passesOnWhyThereIsNoTokenAnyMore() throws IOException {
    boolean[] ended = new boolean[1];
    TokenSource ending =
        scopes -> {
          if (ended[0]) {
            throw new HdlException(ErrorCode.UNAUTHENTICATED, "The session has ended. Sign in.");
          }
          // Expires at once: each request asks anew.
          return new AccessToken("secret-token", Instant.now());
        };
    try (LakeStore store = LakeStore.open(access().credential(ending))) {
      assertThat(read(store)).isEqualTo("234");
      ended[0] = true;
      assertThat(failure(store, ErrorCode.UNAUTHENTICATED, s -> s.stat(file)))
          .hasMessage("The session has ended. Sign in.");
      assertThat(failure(store, ErrorCode.UNAUTHENTICATED, s -> s.list(file)))
          .hasMessage("The session has ended. Sign in.");
    }
  }

  @Test
  void namesAnUnknownContainer() {
    try (LakeStore store = LakeStore.open(access())) {
      for (Work work :
          List.<Work>of(
              s -> s.stat(lake.address("nowhere", "x")),
              s -> s.list(lake.address("nowhere", "x")),
              s ->
                  s.publish(
                      Files.writeString(folder.resolve("s"), ""), lake.address("nowhere", "x")))) {
        assertThat(failure(store, ErrorCode.NOT_FOUND, work))
            .hasMessageContaining("the account contoso has no container \"nowhere\"");
      }
    }
  }

  @Test
  void namesAFileThatIsNotThere() {
    try (LakeStore store = LakeStore.open(access())) {
      assertThat(
              failure(
                  store, ErrorCode.NOT_FOUND, s -> s.read(lake.address("curated", "t/none"), 0, 1)))
          .hasMessage(
              "Cannot read abfs://curated@contoso.dfs.core.windows.net/t/none: it does not exist."
                  + " Check the address.");
    }
  }

  @Test
  void waitsAsLongAsTheServiceAsksAndGivesUpByThePolicy() throws IOException {
    try (LakeStore store = LakeStore.open(access())) {
      proxy.next(Fault.status(503, "7"));
      Instant before = time.now();
      assertThat(store.stat(file)).isPresent();
      assertThat(Duration.between(before, time.now())).isEqualTo(Duration.ofSeconds(7));

      proxy.next(Fault.status(429), Fault.status(503));
      before = time.now();
      assertThat(read(store)).isEqualTo("234");
      assertThat(Duration.between(before, time.now()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));

      proxy.always(Fault.status(429));
      assertThat(failure(store, ErrorCode.UNAVAILABLE, s -> s.list(file)))
          .hasMessageContaining("Cannot list " + file + ": gave up after 3 tries")
          .hasMessageContaining("the service is busy (429");
      proxy.heal();
      Path source = Files.writeString(folder.resolve("source"), "new");
      proxy.next(Fault.status(503, "9"));
      before = time.now();
      store.publish(source, file);
      assertThat(Duration.between(before, time.now())).isEqualTo(Duration.ofSeconds(9));
    }
  }

  @Test
  void goesOnAfterBrokenConnections() throws IOException {
    lake.put("curated", "t/x", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (LakeStore store = LakeStore.open(access())) {
      assertThat(read(store)).isEqualTo("234");
      for (Fault fault : List.of(Fault.reset(), Fault.fin(), Fault.truncate(1))) {
        int before = proxy.requests().size();
        proxy.when(
            seen -> seen.method().equals("GET") && proxy.requests().size() < before + 3, fault);
        assertThat(read(store)).as("%s", fault).isEqualTo("234");
        proxy.heal();
      }
    }
  }

  @Test
  void endsASilentTryByTheIdleTimeout() {
    LakeAccess access = access().idleTimeout(Duration.ofMillis(300)).retry(RetryPolicy.never());
    try (LakeStore store = LakeStore.open(access)) {
      assertThat(store.stat(file)).isPresent();
      proxy.always(Fault.stall());
      assertThat(failure(store, ErrorCode.UNAVAILABLE, s -> s.list(file)))
          .hasMessageContaining("127.0.0.1 does not answer in time");
      Path source = folder.resolve("source");
      assertThat(
              failure(
                  store,
                  ErrorCode.UNAVAILABLE,
                  s -> s.publish(Files.writeString(source, "new"), file)))
          .hasMessageContaining("127.0.0.1 does not answer in time");
    }
  }

  @Test
  void namesAServerThatIsNotThere() throws IOException {
    URI free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    LakeAccess access = access().endpoint(free).retry(RetryPolicy.never());
    try (LakeStore store = LakeStore.open(access)) {
      assertThat(failure(store, ErrorCode.UNAVAILABLE, s -> s.stat(file)))
          .hasMessageContaining("no connection to 127.0.0.1:" + free.getPort());
    }
  }

  @Test
  void namesAnAccountThatNoDnsKnows() {
    LakeAccess access =
        LakeAccess.from(Map.of()).credential(tokens("secret-token")).retry(RetryPolicy.never());
    URI nowhere = URI.create("abfss://c@no-such-account.dfs.invalid/t/x");
    try (LakeStore store = LakeStore.open(access)) {
      assertThat(failure(store, ErrorCode.UNAVAILABLE, s -> s.stat(nowhere)))
          .hasMessageContaining("Cannot open abfss://c@no-such-account.dfs.invalid/: ")
          .hasMessageContaining("the name no-such-account.dfs.invalid cannot be resolved");
    }
  }

  @Test
  void refusesALoginPageInTheWay() {
    try (LakeStore store = LakeStore.open(access())) {
      proxy.always(Fault.redirect(URI.create("http://127.0.0.1:1/login")));
      assertThat(failure(store, ErrorCode.REFUSED_BY_SERVICE, s -> s.stat(file)))
          .hasMessageContaining("the service answers 302");
    }
  }
}
