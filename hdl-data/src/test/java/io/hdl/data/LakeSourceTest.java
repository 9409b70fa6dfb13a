package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.testing.DfsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sources on the stand-in for the lake's DFS endpoint. */
class LakeSourceTest extends LakeSourceContract {
  private static final class StandIn implements Lake {
    private final DfsServer server = DfsServer.start();
    private final LakeAccess access =
        LakeAccess.fromEnvironment().emulator(server.endpoint(), Secret.of(server.accountKey()));

    StandIn() {
      server.createContainer(CONTAINER);
    }

    @Override
    public LakeAccess access() {
      return access;
    }

    @Override
    public String address(String path) {
      return server.address(CONTAINER, path).toString();
    }

    @Override
    public void put(String path, Path from) {
      server.putFolder(CONTAINER, path, from);
    }

    @Override
    public void remove(String path) {
      server.remove(CONTAINER, path);
    }

    @Override
    public long bytesSent() {
      return server.bytesSent();
    }

    @Override
    public void cut() {
      server.close();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  Lake start() {
    return new StandIn();
  }

  private static void refused(DeltaSource source, ErrorCode code, String... parts) {
    assertThatThrownBy(() -> source.open().snapshot())
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(parts);
  }

  @Test
  void tellsRefusalsApartAndNamesIdentityAndRole() {
    try (StandIn lake = new StandIn()) {
      lake.put("retail/sales", sales());
      lake.server.deny(401);
      refused(source(lake, "retail/sales"), ErrorCode.UNAUTHENTICATED, "the account's key");
      lake.server.deny(403);
      refused(
          source(lake, "retail/sales"), ErrorCode.PERMISSION_DENIED, "Storage Blob Data Reader");
      lake.server.allow();
      lake.server.acceptOnly("the right one");
      TokenSource wrong =
          new TokenSource() {
            @Override
            public AccessToken token(List<String> scopes) {
              return new AccessToken("a wrong one", Instant.now().plusSeconds(3600));
            }

            @Override
            public String description() {
              return "the test's own token";
            }
          };
      DeltaSource source =
          DeltaSource.at(lake.address("retail/sales"))
              .access(impatient(LakeAccess.fromEnvironment().endpoint(lake.server.endpoint())))
              .credential(wrong)
              .cache(tiers());
      refused(source, ErrorCode.UNAUTHENTICATED, "the test's own token");
      assertThatThrownBy(() -> source.open().snapshot()).hasMessageNotContaining("a wrong one");
    }
  }

  @Test
  void saysThatAHostIsNotKnown() {
    refused(
        DeltaSource.at("abfss://c@no-such-account.dfs.core.windows.invalid/t")
            .access(impatient(LakeAccess.fromEnvironment().credential(scopes -> token())))
            .cache(tiers()),
        ErrorCode.UNAVAILABLE,
        "no-such-account.dfs.core.windows.invalid");
  }

  private static AccessToken token() {
    return new AccessToken("t", Instant.now().plusSeconds(3600));
  }

  @Test
  void readsOnWhereTheCacheCannotBeWritten() throws Exception {
    try (StandIn lake = new StandIn()) {
      lake.put("retail/sales", sales());
      Path file = Files.writeString(folder.resolve("a-file"), "x");
      CacheTiers unusable = CacheTiers.hot(file.resolve("hot"));
      try (OpenTable table = source(lake, "retail/sales").cache(unusable).open()) {
        assertThat(table.snapshot().version()).isEqualTo(2);
        assertThat(table.snapshot().rows()).hasValue(80);
      }
      try (OpenTable table = source(lake, "retail/sales").cache(CacheTiers.none()).open()) {
        assertThat(table.snapshot().rows()).hasValue(80);
      }
    }
  }
}
