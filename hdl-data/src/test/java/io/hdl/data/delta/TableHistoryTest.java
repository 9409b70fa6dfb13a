package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.TableManager;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import io.hdl.core.json.Json;
import io.hdl.core.retry.RetryTime;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class TableHistoryTest {
  @TempDir Path table;
  private DeltaTableWriter writer;

  @BeforeEach
  void createTable() {
    writer = DeltaTableWriter.create(table, List.of(Column.of("id", ColumnType.INTEGER)));
  }

  private static List<Object[]> rows(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Object[] {i}).toList();
  }

  @Test
  void listsVersionsWithTimeAndOperationNewestFirst() throws IOException {
    writer.append(rows(3));
    LogFiles.write(
        table,
        2,
        "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"DELETE\",\"operationParameters\":"
            + "{\"predicate\":\"[\\\"(id = 1)\\\"]\",\"z\":[1,2],\"n\":null},\"operationMetrics\":"
            + "{\"numRemovedFiles\":\"1\",\"numAddedFiles\":\"2\",\"numOutputRows\":\"17\"}}}");
    LogFiles.write(table, 3, "{\"txn\":{\"appId\":\"a\",\"version\":1}}");
    LogFiles.write(table, 4, "{\"commitInfo\":{\"operation\":7,\"operationParameters\":[]");
    for (int version = 0; version < 5; version++) {
      LogFiles.at(table, version, "2024-01-0" + (version + 1) + "T00:00:00Z");
    }
    TableHistory history = TableHistory.open(table);
    assertThat(history.versions())
        .extracting(TableHistory.Version::version)
        .containsExactly(4L, 3L, 2L, 1L, 0L);
    TableHistory.Version delete = history.versions().get(2);
    assertThat(delete.timestamp()).isEqualTo(Instant.parse("2024-01-03T00:00:00Z"));
    assertThat(delete.operation()).contains("DELETE");
    assertThat(delete.operationParameters())
        .containsExactly(Map.entry("predicate", "[\"(id = 1)\"]"), Map.entry("z", "[1,2]"));
    assertThat(delete.rowsAdded()).hasValue(17);
    assertThat(delete.filesAdded()).hasValue(2);
    assertThat(history.versions().get(3).operation()).contains("WRITE");
    assertThat(history.versions().get(0).operation()).as("malformed").isEmpty();
    assertThat(history.versions().get(1).operation()).as("without information").isEmpty();
    assertThat(history.versions(2))
        .extracting(TableHistory.Version::version)
        .containsExactly(4L, 3L);
    assertThat(history.newestVersion()).isEqualTo(4);
    assertThatThrownBy(() -> history.versions(0)).hasMessage("atMost: 0 (expected: >= 1)");
  }

  @Test
  void takesTheTimeThatACommitKeepsItself() throws IOException {
    LogFiles.edit(
        table,
        0,
        text ->
            text.replaceFirst(
                    "\\{\"commitInfo\":\\{",
                    "{\"commitInfo\":{\"inCommitTimestamp\":1700000000000,")
                .replace(
                    "\"configuration\":{",
                    "\"configuration\":{\"delta.enableInCommitTimestamps\":\"true\""));
    for (int version = 1; version <= 2; version++) {
      LogFiles.write(
          table,
          version,
          "{\"commitInfo\":{\"timestamp\":7,\"inCommitTimestamp\":"
              + (1_700_000_000_000L + version * 5000L)
              + "}}");
    }
    // Copied later, and in another order: the files' own times mean nothing.
    LogFiles.at(table, 0, "2030-01-03T00:00:00Z");
    LogFiles.at(table, 1, "2030-01-01T00:00:00Z");
    List<TableHistory.Version> versions = TableHistory.open(table).versions();
    assertThat(versions)
        .extracting(version -> version.timestamp().toEpochMilli())
        .containsExactly(1_700_000_010_000L, 1_700_000_005_000L, 1_700_000_000_000L);
    for (TableHistory.Version version : versions) {
      TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.asOf(version.timestamp()));
      assertThat(snapshot.version()).isEqualTo(version.version());
      assertThat(snapshot.timestamp()).isEqualTo(version.timestamp());
    }
    assertThat(
            TableSnapshot.open(table, TableVersion.asOf(Instant.parse("2023-11-14T22:13:29Z")))
                .version())
        .isEqualTo(1);
  }

  @Test
  void makesTimesAscendAsOpeningByTimeDoes() throws IOException {
    writer.append(rows(1));
    writer.append(rows(1));
    LogFiles.at(table, 0, "2024-01-02T00:00:00Z");
    LogFiles.at(table, 1, "2024-01-01T00:00:00Z");
    LogFiles.at(table, 2, "2024-01-03T00:00:00Z");
    for (TableHistory.Version version : TableHistory.open(table).versions()) {
      assertThat(TableSnapshot.open(table, TableVersion.asOf(version.timestamp())).version())
          .isEqualTo(version.version());
    }
  }

  @Test
  void worksWhereEarlyCommitsWereCleanedUp() throws IOException {
    for (int i = 0; i < 6; i++) {
      writer.append(rows(2));
    }
    TableManager.loadSnapshot(table.toString())
        .atVersion(4)
        .build(KernelEngine.get())
        .writeCheckpoint(KernelEngine.get());
    for (int version = 0; version < 3; version++) {
      Files.delete(LogFiles.commit(table, version));
    }
    TableHistory history = TableHistory.open(table);
    assertThat(history.versions())
        .extracting(TableHistory.Version::version)
        .containsExactly(6L, 5L, 4L, 3L);
    assertThat(history.oldestVersion()).isEqualTo(4);
    assertThat(TableSnapshot.open(table, TableVersion.number(4)).rows()).hasValue(8);
    assertThat(TableSnapshot.open(table, TableVersion.latest()).rows()).hasValue(12);
    assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.number(3)))
        .hasMessageContaining("its log has been cleaned up (versions 4 to 6 exist)");
  }

  @Test
  void waitsForAVersionThatIsNewer() {
    FakeTime time = new FakeTime();
    TableHistory history = TableHistory.open(table, time);
    assertThat(history.newestAfter(-1)).contains(0L);
    assertThat(history.newestAfter(0)).isEmpty();
    time.at(Duration.ofSeconds(95), () -> writer.append(rows(1)));
    Optional<Long> found =
        history.awaitNewerThan(0, Duration.ofSeconds(30), Duration.ofHours(1), new Cancellation());
    assertThat(found).contains(1L);
    assertThat(time.elapsed()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void givesUpWhenTheTimeIsOverAndLooksOnceMore() {
    FakeTime time = new FakeTime();
    TableHistory history = TableHistory.open(table, time);
    assertThat(
            history.awaitNewerThan(
                0, Duration.ofSeconds(30), Duration.ofSeconds(70), new Cancellation()))
        .isEmpty();
    assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(70));
    time.at(Duration.ofSeconds(75), () -> writer.append(rows(1)));
    assertThat(
            history.awaitNewerThan(
                0, Duration.ofSeconds(30), Duration.ofSeconds(10), new Cancellation()))
        .contains(1L);
    assertThat(history.awaitNewerThan(0, Duration.ofSeconds(1), Duration.ZERO, new Cancellation()))
        .contains(1L);
    assertThatThrownBy(
            () -> history.awaitNewerThan(0, Duration.ZERO, Duration.ZERO, new Cancellation()))
        .hasMessage("every: PT0S (expected: > 0)");
  }

  @Test
  void endsTheWaitWhenItIsCancelled() {
    FakeTime time = new FakeTime();
    Cancellation cancellation = new Cancellation();
    time.at(Duration.ofSeconds(7), () -> cancellation.request("SIGTERM"));
    assertThatThrownBy(
            () ->
                TableHistory.open(table, time)
                    .awaitNewerThan(0, Duration.ofHours(1), Duration.ofHours(2), cancellation))
        .isInstanceOf(JobCancelledException.class);
    assertThat(time.elapsed()).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void refusesWhatIsNoTable() {
    assertThatThrownBy(() -> TableHistory.open(table.resolve("nowhere")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"retail_plain", "retail_dv", "retail_colmap_name", "retail_v2ckpt_parquet"})
  @SuppressWarnings("unchecked")
  void tellsWhatSparkDid(String name) throws IOException {
    Path folder = TestData.require("delta/" + name);
    List<Map<String, Object>> expected =
        (List<Map<String, Object>>)
            Json.readObject(Files.readString(folder.resolve("expected.json")), name)
                .get("versions");
    List<TableHistory.Version> versions = TableHistory.open(folder.resolve("table")).versions();
    assertThat(versions).hasSizeGreaterThanOrEqualTo(expected.size());
    for (Map<String, Object> version : expected) {
      int number = (Integer) version.get("version");
      TableHistory.Version found = versions.get(versions.size() - 1 - number);
      assertThat(found.version()).isEqualTo(number);
      assertThat(found.operation()).contains((String) version.get("operation"));
    }
  }

  /** A clock that moves when somebody sleeps. */
  private static final class FakeTime implements RetryTime {
    private Duration now = Duration.ZERO;
    private Duration due = Duration.ofDays(1000);
    private Consumer<FakeTime> then = time -> {};

    void at(Duration moment, Runnable action) {
      due = moment;
      then = time -> action.run();
    }

    Duration elapsed() {
      return now;
    }

    @Override
    public long nanoTime() {
      return now.toNanos();
    }

    @Override
    public Instant now() {
      return Instant.EPOCH.plus(now);
    }

    @Override
    public void sleep(Duration duration) {
      now = now.plus(duration);
      if (now.compareTo(due) >= 0) {
        due = Duration.ofDays(1000);
        then.accept(this);
      }
    }
  }
}
