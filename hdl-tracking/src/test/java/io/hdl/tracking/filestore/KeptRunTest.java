package io.hdl.tracking.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in a directory as they are read back, deleted and restored. */
class KeptRunTest {
  private static final String PARENT = "0123456789abcdef0123456789abcdef";
  private static final String CHILD = "f123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void readsBackEverythingThatItWrote() throws IOException {
    Path file = Files.writeString(folder.resolve("report.html"), "x");
    Item.Input input =
        new Item.Input(
            "sales",
            "v1-a",
            "delta_table",
            "{\"path\":\"abfss://c@a/t\"}",
            "{\"num_rows\":1}",
            Map.of("mlflow.data.context", "training"));
    FileStoreRun run = open(PARENT, Optional.empty());
    write(
        run,
        new Item.Param("p/ü", "v\n"),
        metric("m/n", Double.NEGATIVE_INFINITY, 1),
        metric("m/n", Double.NaN, 2),
        metric("m/n", 1e-300, 3),
        input,
        new Item.Upload("docs/report.html", file),
        new Item.End(Item.EndStatus.FAILED, 5000));
    run.close();

    KeptRun kept = store().runs().get(0);
    assertThat(kept.start()).isEqualTo(start(PARENT, Optional.empty()));
    assertThat(kept.items())
        .containsExactly(
            new Item.Param("p/ü", "v\n"),
            new Item.Tag("mlflow.runName", "name"),
            new Item.Tag("mlflow.user", "user"),
            input,
            metric("m/n", Double.NEGATIVE_INFINITY, 1),
            metric("m/n", Double.NaN, 2),
            metric("m/n", 1e-300, 3),
            new Item.Upload("docs/report.html", run.folder().resolve("artifacts/docs/report.html")),
            new Item.End(Item.EndStatus.FAILED, 5000));
    assertThat(run.reported().contains("m/n", 2)).isTrue();
    assertThat(run.reported().contains("m/n", 4)).isFalse();
  }

  @Test
  void readsNestedRunsAfterTheirParents() throws IOException {
    open(CHILD, Optional.of(PARENT)).close();
    open(PARENT, Optional.empty()).close();
    KeptRun child = store().runs().get(1);
    assertThat(store().runs()).extracting(run -> run.start().key()).containsExactly(PARENT, CHILD);
    assertThat(child.start().parentKey()).contains(PARENT);
    assertThat(child.folder().resolve("tags/mlflow.parentRunId")).hasContent(PARENT);
    assertThat(child.items()).noneMatch(item -> item.title().contains("parentRunId"));

    store().deleteRun(PARENT);
    assertThat(store().runs()).extracting(run -> run.start().key()).containsExactly(CHILD);
  }

  @Test
  void leavesOutHalfALineEvenOneThatLooksWhole() throws IOException {
    FileStoreRun run = open(PARENT, Optional.empty());
    write(run, metric("loss", 0.5, 1));
    run.close();
    Path file = run.folder().resolve("metrics/loss");
    Files.writeString(file, Files.readString(file) + "1002 0.25 2");
    assertThat(store().runs().get(0).items())
        .contains(metric("loss", 0.5, 1))
        .doesNotContain(metric("loss", 0.25, 2));
  }

  @Test
  void readsLinesWithoutAStepAndWithADataset() throws IOException {
    FileStoreRun run = open(PARENT, Optional.empty());
    run.close();
    Files.writeString(
        run.folder().resolve("metrics/loss"),
        "1000 1e-05\n1001 0.25 3 frame 2981c147\nnonsense\n1 2 3 4\n");
    assertThat(store().runs().get(0).items())
        .contains(new Item.Metric("loss", 1e-5, 1000, 0), new Item.Metric("loss", 0.25, 1001, 3))
        .filteredOn(Item.Metric.class::isInstance)
        .hasSize(2);
  }

  @Test
  void deletesAndRestoresARunAsMlflowDoes() {
    open(PARENT, Optional.empty()).close();
    store().deleteRun(PARENT);
    assertThat(store().runs()).isEmpty();
    assertThat(store().run(PARENT)).get().matches(KeptRun::isDeleted);
    assertThatThrownBy(() -> open(PARENT, Optional.empty()))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining(
            "was deleted. Restore it with `mlflow runs restore --run-id " + PARENT);
    store().restoreRun(PARENT);
    assertThat(store().runs()).hasSize(1);
    open(PARENT, Optional.empty()).close();
  }

  @Test
  void deletesAndRestoresAnExperimentWithItsRuns() {
    open(PARENT, Optional.empty()).close();
    store().deleteExperiment("e");
    assertThat(store().runs()).isEmpty();
    assertThat(store().run(PARENT)).get().matches(KeptRun::isDeleted);
    for (String id : List.of(PARENT, CHILD)) {
      assertThatThrownBy(() -> open(id, Optional.empty()))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessageContaining("was deleted")
          .hasMessageContaining("mlflow experiments restore");
    }
    assertThatThrownBy(() -> store().deleteExperiment("e"))
        .hasMessageContaining("There is no experiment \"e\"");
    store().restoreExperiment("e");
    assertThat(store().runs()).hasSize(1);
    assertThatThrownBy(() -> store().restoreExperiment("e")).hasMessageContaining("active already");
  }

  @Test
  void namesARunThatIsNotThere() {
    assertThatThrownBy(() -> store().deleteRun(CHILD))
        .hasMessageContaining("There is no run \"" + CHILD + "\"");
    assertThat(store().run(CHILD)).isEmpty();
  }

  @Test
  void keepsWhatOthersWroteAboutARun() throws IOException {
    FileStoreRun run = open(PARENT, Optional.empty());
    run.close();
    Path meta = run.folder().resolve("meta.yaml");
    Files.writeString(
        meta,
        Files.readString(meta).replace("source_name: \"\"", "source_name: train.py")
            + "profile: 'a\n  b'\nworkspace: default\n");
    FileStoreRun again = open(PARENT, Optional.empty());
    write(again, new Item.End(Item.EndStatus.FINISHED, 7));
    again.close();
    assertThat(Files.readString(meta))
        .contains("source_name: train.py\n")
        .contains("profile: 'a\n  b'\n")
        .contains("workspace: default\n")
        .contains("status: 3\n")
        .contains("end_time: 7\n")
        .containsOnlyOnce("status:")
        .containsOnlyOnce("end_time:");
  }

  @Test
  void findsARunAgainWhoseExperimentIsNamedOtherwiseNow() {
    Path first = open(PARENT, Optional.empty()).folder();
    FileStoreRun again =
        store()
            .open(
                new RunStart(PARENT, Optional.empty(), "other", "name", "user", 1), warnings::add);
    assertThat(again.folder()).isEqualTo(first);
  }

  @Test
  void keepsItsItemsWhileTheDiskIsFull() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "this system has no /dev/full to stand for a full disk");
    FileStoreRun run = open(PARENT, Optional.empty());
    write(run, metric("other", 1, 1));
    Path file = run.folder().resolve("metrics/loss");
    Files.createSymbolicLink(file, full);
    Deque<Item> queue = new ArrayDeque<>(List.of(metric("other", 2, 2), metric("loss", 1, 1)));
    assertThatThrownBy(() -> run.deliver(queue))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    assertThat(queue).hasSize(2);
    run.close();

    Files.delete(file);
    FileStoreRun again = open(PARENT, Optional.empty());
    again.deliver(queue);
    again.close();
    assertThat(queue).isEmpty();
    assertThat(run.folder().resolve("metrics/other")).hasContent("1001 1.0 1\n1002 2.0 2");
    assertThat(file).hasContent("1001 1.0 1");
  }

  private FileStore store() {
    return FileStore.at(folder.resolve("runs"));
  }

  private FileStoreRun open(String id, Optional<String> parent) {
    return store().open(start(id, parent), warnings::add);
  }

  private static RunStart start(String id, Optional<String> parent) {
    return new RunStart(id, parent, "e", "name", "user", id.equals(CHILD) ? 500 : 1000);
  }

  private static void write(FileStoreRun run, Item... items) {
    Deque<Item> queue = new ArrayDeque<>(List.of(items));
    run.deliver(queue);
    assertThat(queue).isEmpty();
  }

  private static Item.Metric metric(String key, double value, long step) {
    return new Item.Metric(key, value, 1000 + step, step);
  }
}
