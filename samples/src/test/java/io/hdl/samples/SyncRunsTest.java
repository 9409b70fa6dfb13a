package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.RunSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncRunsTest {
  @TempDir Path folder;

  @Test
  void saysThatNothingIsLeft() {
    CommandLineRun run = CommandLineRun.syncRuns(folder.toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("Nothing is left to deliver.\n");
  }

  @Test
  void writesJsonAloneToStandardOutput() {
    CommandLineRun run = CommandLineRun.syncRuns(folder.toString(), "--json", "-");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("{\"complete\":true,\"runs\":[]}\n");
    assertThat(run.err()).isEqualTo("Nothing is left to deliver.\n");
  }

  @Test
  void endsWithOneWhereADirectoryOfRunsHasNowhereToGo() throws IOException {
    Path run = folder.resolve("mlruns/1/0123456789abcdef0123456789abcdef");
    Files.createDirectories(run);
    Files.writeString(folder.resolve("mlruns/1/meta.yaml"), "name: demand\n");
    Files.writeString(run.resolve("meta.yaml"), "run_name: run-1\nstatus: 3\nend_time: 7\n");
    CommandLineRun sync = CommandLineRun.syncRuns(folder.toString());
    assertThat(sync.status()).isEqualTo(1);
    assertThat(sync.out())
        .contains("demand/run-1", "A directory of runs is for no server. Name one.");
  }

  @Test
  void refusesWrongSettings() {
    CommandLineRun nowhere = CommandLineRun.syncRuns(folder.resolve("nowhere").toString());
    assertThat(nowhere.status()).isEqualTo(1);
    assertThat(nowhere.err()).startsWith("SyncRuns: Cannot deliver runs of ");
    CommandLineRun noServer = CommandLineRun.syncRuns(folder.toString(), "--to", "runs");
    assertThat(noServer.status()).isEqualTo(2);
    assertThat(noServer.err()).contains("Runs are delivered to a server, but runs is none");
    CommandLineRun nothing = CommandLineRun.syncRuns();
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.err()).contains("Missing required parameter: 'DIR'");
  }

  @Test
  void printsARowForEachRunWithTheReason() {
    RunSync.Report report =
        new RunSync.Report(
            List.of(
                entry("demand/run-1", 1200, 0, Optional.empty(), List.of()),
                entry(
                    "demand/run-22",
                    3,
                    4,
                    Optional.of("connection refused"),
                    List.of("The MLflow server did not take the tag \"x\"."))));
    assertThat(SyncRuns.table(report))
        .isEqualTo(
            """
            run             delivered  outstanding  server
            demand/run-1        1,200            0  http://host:5000
            demand/run-22           3            4  http://host:5000
                connection refused
                The MLflow server did not take the tag "x".
            1,203 items delivered, 4 outstanding.
            """);
  }

  private RunSync.Entry entry(
      String run,
      long delivered,
      long outstanding,
      Optional<String> reason,
      List<String> warnings) {
    return new RunSync.Entry(
        run, folder, Optional.of("http://host:5000"), delivered, outstanding, reason, warnings);
  }
}
