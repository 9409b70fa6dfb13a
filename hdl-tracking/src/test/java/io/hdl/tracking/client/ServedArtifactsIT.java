package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.ChildJvm;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;

/** Files of runs through real servers, the oldest and the current one. */
class ServedArtifactsIT extends AtRealServers {
  private static final String AWKWARD = "ünïcode 🚀/a b+c & 50% (1), 'x'=\"y\";z~!@$^.txt";

  @TempDir Path folder;
  private Service.RunInfo run;
  private Artifacts artifacts;

  @BeforeEach
  void prepare() {
    run =
        client
            .runs()
            .create(
                client.experiments().getOrCreate("files", LIMIT),
                newRun(UUID.randomUUID().toString()),
                LIMIT)
            .getInfo();
    artifacts = client.artifacts(run.getArtifactUri());
  }

  @Test
  void sendsListsAndFetchesFilesAndFolders() throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    write(from.resolve("empty"), "");
    write(from.resolve("report.html"), "<html>no login page</html>");
    write(from.resolve("sub/deeper/deeper"), "in a folder of its own name");
    write(from.resolve(AWKWARD), "awkward");
    Files.createSymbolicLink(from.resolve("linked"), from.resolve("sub"));
    artifacts.upload("out", from, LIMIT);
    artifacts.upload("single.txt", write(folder.resolve("s"), "first"), LIMIT);
    artifacts.upload("single.txt", write(folder.resolve("s"), "second"), LIMIT);

    assertThat(artifacts.list("", LIMIT))
        .containsExactly(
            new Artifacts.Entry("out", Artifacts.Kind.FOLDER, 0),
            new Artifacts.Entry("single.txt", Artifacts.Kind.FILE, 6));
    assertThat(artifacts.list("out", LIMIT))
        .contains(new Artifacts.Entry("out/empty", Artifacts.Kind.FILE, 0));
    assertThat(artifacts.list("single.txt", LIMIT)).isEmpty();
    assertThat(artifacts.list("nothing", LIMIT)).isEmpty();
    assertThat(artifacts.list("out/sub/deeper", LIMIT))
        .containsExactly(new Artifacts.Entry("out/sub/deeper/deeper", Artifacts.Kind.FILE, 27));

    Path to = folder.resolve("to");
    artifacts.download("out", to, LIMIT);
    try (Stream<Path> walk = Files.walk(to)) {
      assertThat(walk.filter(Files::isRegularFile).map(file -> to.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "empty", "report.html", "sub/deeper/deeper", "linked/deeper/deeper", AWKWARD);
    }
    assertThat(to.resolve(AWKWARD)).hasContent("awkward");
    assertThat(to.resolve("empty")).isEmptyFile();
    assertThat(to.resolve("report.html")).hasContent("<html>no login page</html>");
    artifacts.download("single.txt", folder.resolve("new/single"), LIMIT);
    assertThat(folder.resolve("new/single")).hasContent("second");
    artifacts.download("", folder.resolve("all"), LIMIT);
    assertThat(folder.resolve("all/out").resolve(AWKWARD)).hasContent("awkward");

    assertThat(
            server.python(
                """
                import sys, tempfile
                from mlflow import MlflowClient
                client = MlflowClient()
                with tempfile.TemporaryDirectory() as d:
                    local = client.download_artifacts(sys.argv[1], sys.argv[2], d)
                    print(open(local, encoding='utf-8').read())
                    local = client.download_artifacts(sys.argv[1], 'out/empty', d)
                    print(len(open(local).read()), sorted(f.path for f in
                        client.list_artifacts(sys.argv[1], 'out/sub')))
                """,
                run.getRunId(),
                "out/" + AWKWARD))
        .isEqualToIgnoringNewLines("awkward0 ['out/sub/deeper']");
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    assertThatThrownBy(() -> artifacts.download("none/at all", folder.resolve("x"), LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("fetch the artifact \"none/at all\"");
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> artifacts.upload("x", folder.resolve("gone"), LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(Artifacts.isFilesFault(e)).isTrue())
        .hasMessageContaining("gone does not exist");
  }

  @Test
  void sendsNothingWhoseNameWouldLeadElsewhere() throws Exception {
    Path file = write(folder.resolve("f"), "x");
    try (FaultProxy proxy = FaultProxy.before(server.uri());
        TrackingClient watched =
            TrackingClient.of(new TrackingServer(proxy.uri(), Credentials.none()))) {
      Artifacts below = watched.artifacts(run.getArtifactUri());
      for (String name :
          List.of(
              "../x",
              "a/../../x",
              "/etc/x",
              "a//b",
              "a/./b",
              "..",
              "",
              "a\\..\\b",
              "a\nb",
              "x/",
              "a%2e%2e",
              "a%2F..",
              "a#b",
              "a?b",
              "half \uD83D",
              "a;")) {
        assertThatThrownBy(() -> below.upload(name, file, LIMIT))
            .as(name)
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
            .hasMessageStartingWith("artifact name: \"" + name + "\" (expected: ");
      }
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @Test
  void goesOnWithAFoldersOtherFilesWhenOneIsRefused() throws Exception {
    Path from = folder.resolve("from");
    write(from.resolve("a%41"), "refused");
    write(from.resolve("b"), "b");
    write(from.resolve("c#"), "refused");
    assertThatThrownBy(() -> artifacts.upload("out", from, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class,
            e -> {
              assertThat(Artifacts.isFilesFault(e)).isTrue();
              assertThat(e.getSuppressed()).hasSize(1);
            })
        .hasMessageContaining("a%41");
    assertThat(artifacts.list("out", LIMIT)).hasSize(1);
  }

  @Test
  void streamsALargeFile() throws Exception {
    Path large = folder.resolve("large");
    Random random = new Random(1);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(large)) {
      for (int i = 0; i < 100; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
    ChildJvm.Result result =
        ChildJvm.run(
            ThereAndBack.class,
            Map.of("JDK_JAVA_OPTIONS", "-Xmx32m -XX:MaxDirectMemorySize=32m"),
            server.uri().toString(),
            run.getArtifactUri(),
            large.toString(),
            folder.resolve("back").toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(MoreFiles.asByteSource(folder.resolve("back")).hash(Hashing.sha256()))
        .isEqualTo(MoreFiles.asByteSource(large).hash(Hashing.sha256()));
  }

  @Test
  void keepsNothingOfADownloadThatBreaks() throws Exception {
    artifacts.upload("f.bin", write(folder.resolve("f"), "x".repeat(500_000)), LIMIT);
    try (FaultProxy proxy = FaultProxy.before(server.uri());
        TrackingClient broken =
            TrackingClient.of(new TrackingServer(proxy.uri(), Credentials.none()))) {
      Artifacts below = broken.artifacts(run.getArtifactUri());
      for (Fault fault :
          List.of(
              Fault.truncate(1000),
              Fault.truncateWithoutLength(1000),
              Fault.resetWithin(1000),
              Fault.stallWithin(1000))) {
        proxy.heal();
        proxy.when(seen -> seen.target().endsWith("f.bin"), fault);
        assertThatThrownBy(
                () -> below.download("f.bin", folder.resolve("y/f"), Duration.ofMillis(1500)))
            .as(fault.toString())
            .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(folder.resolve("y/f")).doesNotExist();
      }
      proxy.heal();
      proxy.when(seen -> seen.target().endsWith("f.bin"), Fault.page(200, "<html>log in</html>"));
      assertThatThrownBy(() -> below.download("f.bin", folder.resolve("y/f"), LIMIT))
          .hasMessageContaining("HTML page, perhaps a login page");
    }
    assertThat(folder.resolve("y/f")).doesNotExist();
  }

  private static Path write(Path file, String text) throws IOException {
    MoreFiles.createParentDirectories(file);
    return Files.writeString(file, text);
  }

  /** Sends a file and fetches it again, in a JVM with little memory. */
  static final class ThereAndBack {
    public static void main(String[] arguments) {
      TrackingServer server = new TrackingServer(URI.create(arguments[0]), Credentials.none());
      try (TrackingClient client = TrackingClient.of(server)) {
        Artifacts artifacts = client.artifacts(arguments[1]);
        artifacts.upload("large.bin", Path.of(arguments[2]), LIMIT);
        artifacts.download("large.bin", Path.of(arguments[3]), LIMIT);
      }
    }
  }
}
