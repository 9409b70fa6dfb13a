package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in stores that this machine reaches itself. */
class StoredArtifactsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String NAME = "möd el/50%41 & #1.bin";

  @TempDir Path folder;
  private Path from;

  @BeforeEach
  void write() throws Exception {
    FolderAsLake.folder = folder.resolve("lake");
    FolderAsLake.OPENED.clear();
    from = folder.resolve("from");
    Files.createDirectories(from.resolve("sub"));
    Files.writeString(from.resolve("sub/empty"), "");
    Files.writeString(from.resolve("a"), "a");
  }

  private static TrackingServer server(Credentials credentials) {
    return new TrackingServer(URI.create("http://127.0.0.1:9"), credentials);
  }

  @Test
  void keepsFilesInAFolder() {
    String root = folder.resolve("ärti facts").toUri().toString();
    for (String address : List.of(root, folder.resolve("ärti facts").toString())) {
      try (TrackingClient client = TrackingClient.of(server(Credentials.none()))) {
        Artifacts artifacts = client.artifacts(address);
        artifacts.upload(NAME, from.resolve("a"), LIMIT);
        artifacts.upload("out", from, LIMIT);
        assertThat(folder.resolve("ärti facts").resolve(NAME)).hasContent("a");
        assertThat(artifacts.list("", LIMIT))
            .containsExactly(
                new Artifacts.Entry("möd el", Artifacts.Kind.FOLDER, 0),
                new Artifacts.Entry("out", Artifacts.Kind.FOLDER, 0));
        assertThat(artifacts.list("out", LIMIT))
            .containsExactly(
                new Artifacts.Entry("out/a", Artifacts.Kind.FILE, 1),
                new Artifacts.Entry("out/sub", Artifacts.Kind.FOLDER, 0));
        artifacts.download("out", folder.resolve("back"), LIMIT);
        assertThat(folder.resolve("back/sub/empty")).isEmptyFile();
        assertThatThrownBy(() -> artifacts.download("none", folder.resolve("x"), LIMIT))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> artifacts.upload("../x", from.resolve("a"), LIMIT))
            .hasMessageContaining("expected: a path below the root");
      }
    }
  }

  @Test
  void writesToALakeWithTheIdentityThatTheServerIsShown() {
    TokenSource identity =
        new TokenSource() {
          @Override
          public AccessToken token(List<String> scopes) {
            return new AccessToken("t", Instant.now().plusSeconds(3600));
          }

          @Override
          public String description() {
            return "the test's identity";
          }
        };
    String root = "abfss://runs@account.dfs.core.windows.net/mlflow/1/r/artifacts";
    try (TrackingClient client =
        TrackingClient.of(server(Credentials.tokens(identity, "s/.default")))) {
      Artifacts artifacts = client.artifacts(root);
      artifacts.upload(NAME, from.resolve("a"), LIMIT);
      artifacts.upload("out", from, LIMIT);
      assertThat(
              folder
                  .resolve("lake/runs@account.dfs.core.windows.net/mlflow/1/r/artifacts")
                  .resolve(NAME))
          .hasContent("a");
      assertThat(artifacts.list("möd el", LIMIT))
          .containsExactly(new Artifacts.Entry(NAME, Artifacts.Kind.FILE, 1));
      artifacts.download(NAME, folder.resolve("back"), LIMIT);
      assertThat(folder.resolve("back")).hasContent("a");
      Artifacts unused = client.artifacts(root + "/other");
      assertThat(unused.list("", LIMIT)).isEmpty();
    }
    assertThat(FolderAsLake.OPENED).containsExactly("the test's identity", "closed");

    try (TrackingClient client = TrackingClient.of(server(Credentials.bearer("other")))) {
      assertThat(client.artifacts(root).list("out", LIMIT)).hasSize(1);
    }
    assertThat(FolderAsLake.OPENED).endsWith("environment", "closed");
  }
}
