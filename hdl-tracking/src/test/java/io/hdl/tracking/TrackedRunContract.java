package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.StoredRun.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every place that keeps runs has to keep. */
abstract class TrackedRunContract {
  @TempDir Path folder;
  TestJobContext context;

  /** A tracker of an experiment of its own for each test. */
  abstract Mlflow tracker();

  /** Reads a run back without the code that wrote it, where there is another way. */
  abstract StoredRun read(String runId) throws Exception;

  /** The value that an infinity is kept as. */
  abstract double kept(double infinity);

  @BeforeEach
  void createContext() {
    context = TestJobContext.in(folder.resolve("home"), "job", "run-" + System.nanoTime());
  }

  private TrackedRun open() {
    return tracker().open(context.record(), context);
  }

  private StoredRun finished(TrackedRun run) throws Exception {
    run.finish(new RunEnd.Finished());
    run.close();
    return read(run.id());
  }

  @Test
  void keepsParamsAndTagsWithAwkwardTexts() throws Exception {
    Map<String, String> texts = new HashMap<>();
    texts.put("plain", "value");
    texts.put("empty", "");
    texts.put("sect/ion/key", "slashes");
    texts.put("größe-单位", "Ünïcode 🚀 \t tab");
    texts.put("lines", "a\nb\n\nc");
    texts.put("yaml", "- 'x': \"y\" # no: [comment]");
    texts.put("with blank.and_dot", " leading and trailing ");
    texts.put("k".repeat(250), "v".repeat(6000));

    TrackedRun run = open();
    run.params(texts);
    run.tags(texts);
    StoredRun stored = finished(run);

    assertThat(stored.params()).containsExactlyInAnyOrderEntriesOf(texts);
    assertThat(stored.tags()).containsAllEntriesOf(texts);
    assertThat(context.events().warnings()).isEmpty();
  }

  @Test
  void keepsEveryPointOfEveryMetric() throws Exception {
    TrackedRun run = open();
    for (int step = 0; step < 2500; step++) {
      run.metric("train/loss", 1.0 / (step + 1), step);
    }
    run.metric("one", -0.0, -5);
    run.metric("tiny", Double.MIN_VALUE, 1);
    run.metric("größe", 1e300, Long.MAX_VALUE);
    run.metrics(Map.of("several/a", 1 / 3.0, "several/b", 1e7), 3);
    StoredRun stored = finished(run);

    assertThat(stored.metrics().keySet())
        .containsExactlyInAnyOrder("train/loss", "one", "tiny", "größe", "several/a", "several/b");
    assertThat(stored.points("several/a")).containsExactly(new Point(1 / 3.0, 3));
    assertThat(stored.points("several/b")).containsExactly(new Point(1e7, 3));
    assertThat(stored.points("train/loss")).hasSize(2500);
    assertThat(stored.points("train/loss").get(1999)).isEqualTo(new Point(1.0 / 2000, 1999));
    assertThat(stored.points("tiny")).containsExactly(new Point(Double.MIN_VALUE, 1));
    assertThat(stored.points("größe")).containsExactly(new Point(1e300, Long.MAX_VALUE));
    assertThat(stored.points("one").get(0).step()).isEqualTo(-5);
  }

  @Test
  void keepsValuesThatAreNoFiniteNumbers() throws Exception {
    TrackedRun run = open();
    run.metric("m", 1, 1);
    run.metric("m", Double.NaN, 2);
    run.metric("m", Double.NaN, 2);
    run.metric("m", Double.POSITIVE_INFINITY, 3);
    run.metric("m", Double.NEGATIVE_INFINITY, 4);
    run.metric("m", 5, 5);
    StoredRun stored = finished(run);

    List<Point> points = stored.points("m");
    assertThat(points.stream().filter(point -> point.step() == 2))
        .isNotEmpty()
        .allMatch(point -> Double.isNaN(point.value()));
    assertThat(points)
        .contains(
            new Point(1, 1),
            new Point(kept(Double.POSITIVE_INFINITY), 3),
            new Point(kept(Double.NEGATIVE_INFINITY), 4),
            new Point(5, 5));
  }

  @Test
  void keepsTheTableAndItsVersionAsInput() throws Exception {
    TrackedRun run = open();
    run.input(data(17));
    run.input(data(17));
    StoredRun stored = finished(run);

    assertThat(stored.inputs()).hasSize(1);
    StoredRun.Dataset input = stored.inputs().iterator().next();
    assertThat(input.name()).isEqualTo("sales \"é\"");
    assertThat(input.sourceType()).isEqualTo("delta_table");
    assertThat(input.source())
        .contains("\"path\":\"abfss://c@a.dfs.core.windows.net/sales\"")
        .contains("\"delta_table_version\":17");
    assertThat(input.context()).isEqualTo("training");
    assertThat(input.digest()).startsWith("v17-").hasSizeLessThanOrEqualTo(36);
  }

  @Test
  void keepsFilesAndFoldersOfAnyName() throws Exception {
    Files.createDirectories(folder.resolve("model/weights"));
    Files.writeString(folder.resolve("model/weights/a b+c 100% ä.bin"), "weights");
    Files.writeString(folder.resolve("model/config.json"), "{}");
    Files.writeString(folder.resolve("report.html"), "<html>");
    Files.writeString(folder.resolve("empty"), "");

    TrackedRun run = open();
    run.artifact(new Artifact(Artifact.Kind.REPORT, "report.html", folder.resolve("report.html")));
    run.artifact(new Artifact(Artifact.Kind.OTHER, "sub/leer é.txt", folder.resolve("empty")));
    run.model(
        new TrackedModel(
            new Artifact(Artifact.Kind.MODEL, "model", folder.resolve("model")),
            new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
            new GateDecision(GateDecision.Verdict.PASSED, List.of("beats naive")),
            Optional.empty()));
    StoredRun stored = finished(run);

    assertThat(stored.artifacts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "report.html", "<html>",
                "sub/leer é.txt", "",
                "model/config.json", "{}",
                "model/weights/a b+c 100% ä.bin", "weights"));
    assertThat(stored.tags())
        .containsEntry("hdl.gate", "PASSED")
        .containsEntry("hdl.gate.reasons", "beats naive")
        .containsEntry("hdl.model.path", "model");
  }

  @Test
  void marksHowTheRunEnded() throws Exception {
    TrackedRun finished = open();
    assertThat(finished(finished).status()).isEqualTo("FINISHED");

    createContext();
    TrackedRun failed = open();
    failed.finish(new RunEnd.Failed("the loss is NaN"));
    failed.close();
    assertThat(read(failed.id()).status()).isEqualTo("FAILED");
    assertThat(read(failed.id()).tags()).containsEntry("hdl.error", "the loss is NaN");

    createContext();
    TrackedRun killed = open();
    killed.finish(new RunEnd.Interrupted("asked by the test"));
    killed.close();
    assertThat(read(killed.id()).status()).isEqualTo("KILLED");
  }

  @Test
  void continuesTheSameRun() throws Exception {
    TrackedRun first = open();
    first.params(Map.of("seed", "7", "devices", "2"));
    first.metric("loss", 1, 1);
    first.finish(new RunEnd.Interrupted("asked by the test"));
    first.close();
    assertThat(read(first.id()).status()).isEqualTo("KILLED");

    context = context.continued();
    TrackedRun second = open();
    assertThat(second.id()).isEqualTo(first.id());
    second.params(Map.of("seed", "7", "devices", "4"));
    second.metric("loss", 0.5, 2);
    second.persist();
    second.close(); // not finished: a crash
    assertThat(read(first.id()).status()).isEqualTo("RUNNING");

    context = context.continued();
    TrackedRun third = open();
    assertThat(third.id()).isEqualTo(first.id());
    third.metrics(Map.of("loss", 0.5), 2); // done again, as its checkpoint was not written
    third.metrics(Map.of("loss", 0.25), 3);
    StoredRun stored = finished(third);
    assertThat(stored.status()).isEqualTo("FINISHED");
    assertThat(stored.params())
        .containsExactlyInAnyOrderEntriesOf(Map.of("seed", "7", "devices", "2"));
    assertThat(stored.points("loss"))
        .containsExactly(new Point(1, 1), new Point(0.5, 2), new Point(0.25, 3));
  }

  @Test
  void keepsRunsBelowARunAndFindsThemAgainByTheirNames() throws Exception {
    TrackedRun first = open();
    TrackedRun stage = first.nested("train");
    assertThat(first.nested("train")).isSameAs(stage);
    stage.metric("duration", 1, 1);
    stage.params(Map.of("part", "1"));
    stage.nested("fold 1").metric("wape", 0.5, 0);
    TrackedRun done = first.nested("data");
    done.finish(new RunEnd.Finished());
    done.metric("late", 1, 1);
    done.close();
    first.finish(new RunEnd.Interrupted("asked by the test"));
    first.close();
    assertThat(read(stage.id()).status()).isEqualTo("KILLED");
    assertThat(read(done.id()).status()).isEqualTo("FINISHED");
    assertThat(read(done.id()).metrics()).isEmpty();

    context = context.continued();
    TrackedRun second = open();
    TrackedRun again = second.nested("train");
    again.metric("duration", 1, 1); // done again
    again.metric("duration", 2, 2);
    again.finish(new RunEnd.Failed("the loss is NaN"));
    StoredRun main = finished(second);

    assertThat(again.id()).isEqualTo(stage.id());
    assertThat(main.status()).isEqualTo("FINISHED");
    assertThat(main.metrics()).isEmpty();
    StoredRun stored = read(stage.id());
    assertThat(stored.status()).isEqualTo("FAILED");
    assertThat(stored.points("duration")).containsExactly(new Point(1, 1), new Point(2, 2));
    assertThat(stored.params()).containsExactlyEntriesOf(Map.of("part", "1"));
    assertThat(stored.tags())
        .containsEntry("mlflow.parentRunId", first.id())
        .containsEntry("mlflow.runName", "train")
        .containsEntry("hdl.error", "the loss is NaN");
    StoredRun fold = read(stage.nested("fold 1").id());
    assertThat(fold.tags()).containsEntry("mlflow.parentRunId", stage.id());
    assertThat(fold.points("wape")).containsExactly(new Point(0.5, 0));
  }

  @Test
  void showsASummaryUnlessSomebodyWroteANoteHimself() throws Exception {
    TrackedRun run = open();
    run.summary("# first");
    run.summary("# second");
    assertThat(finished(run).tags()).containsEntry("mlflow.note.content", "# second");

    createContext();
    TrackedRun own = open();
    own.tags(Map.of("mlflow.note.content", "mine"));
    own.summary("# ours");
    assertThat(finished(own).tags()).containsEntry("mlflow.note.content", "mine");
  }

  @Test
  void saysWhichParamKeepsItsFirstValue() throws Exception {
    TrackedRun run = open();
    run.params(Map.of("devices", "2"));
    run.params(Map.of("devices", "4"));
    run.params(Map.of("after", "1"));
    StoredRun stored = finished(run);

    assertThat(stored.params())
        .containsExactlyInAnyOrderEntriesOf(Map.of("devices", "2", "after", "1"));
    assertThat(context.events().warnings())
        .containsExactly(
            "Param \"devices\" keeps its first value; MLflow does not change it to \"4\".");
  }

  @Test
  void bringsKeysAndValuesWithinTheLimitsAndSaysSo() throws Exception {
    TrackedRun run = open();
    run.params(Map.of("a:b[0]", "1", "../../up", "2", "x//y", "3", " ", "4"));
    run.params(Map.of("long", "p".repeat(7000)));
    run.tags(Map.of("longtag", "😀".repeat(5000)));
    run.metric("m".repeat(300), 1, 1);
    run.metric("m".repeat(300), 2, 2);
    StoredRun stored = finished(run);

    assertThat(stored.params())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("a_b_0_", "1", "_/_/up", "2", "x/_/y", "3", "long", "p".repeat(6000)));
    assertThat(stored.tags()).containsEntry("longtag", "😀".repeat(4000));
    assertThat(stored.metrics()).hasSize(1);
    assertThat(stored.metrics().keySet().iterator().next()).hasSize(250).startsWith("mmm");
    assertThat(context.events().warnings())
        .hasSize(7)
        .anyMatch(text -> text.contains("\"a:b[0]\" is kept in MLflow as \"a_b_0_\""))
        .anyMatch(text -> text.contains("param \"long\" has 7000 characters"))
        .anyMatch(text -> text.contains("without a name"));
  }

  @Test
  void carriesTheJobsFactsAndIgnoresWhatComesAfterTheEnd() throws Exception {
    TrackedRun run = open();
    run.finish(new RunEnd.Finished());
    run.metric("late", 1, 1);
    run.params(Map.of("late", "1"));
    run.finish(new RunEnd.Failed("second end"));
    run.close();
    run.close();

    StoredRun stored = read(run.id());
    assertThat(stored.status()).isEqualTo("FINISHED");
    assertThat(stored.metrics()).isEmpty();
    assertThat(stored.params()).isEmpty();
    assertThat(stored.tags())
        .containsEntry("hdl.job", "job")
        .containsEntry("hdl.run", context.directory().runId())
        .containsEntry("mlflow.runName", context.directory().runId());
    assertThat(run.link()).isPresent();
  }

  @Test
  void leavesNoThreadBehind() throws IOException {
    TrackedRun run = open();
    run.metric("m", 1, 1);
    run.close();
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive))
        .noneMatch(thread -> thread.getName().equals("hdl-tracking-sender"));
  }

  static DataProvenance data(long version) {
    return new DataProvenance(
        "sales \"é\"",
        "abfss://c@a.dfs.core.windows.net/sales",
        version,
        Instant.parse("2024-02-29T12:00:00Z"),
        "7c4d1f0e-0000-4000-8000-000000000000",
        List.of("store", "date", "units"),
        Map.of("frequency", "weekly"),
        421_570,
        12);
  }
}
