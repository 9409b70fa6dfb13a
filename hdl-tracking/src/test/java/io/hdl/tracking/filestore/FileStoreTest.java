package io.hdl.tracking.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void makesOneExperimentHoweverManyCreateItAtOnce() throws Exception {
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String id = String.format("%032x", i);
      done.add(
          threads.submit(
              () -> {
                go.await();
                FileStore.at(folder).open(run(id, "same name"), warnings::add).close();
                return id;
              }));
    }
    go.countDown();
    for (Future<?> each : done) {
      each.get();
    }
    threads.shutdown();

    String experiment = FileStore.at(folder).find("same name").orElseThrow();
    try (Stream<Path> experiments = Files.list(folder)) {
      assertThat(experiments.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("0", ".trash", experiment);
    }
    try (Stream<Path> runs = Files.list(folder.resolve(experiment))) {
      assertThat(runs.filter(Files::isDirectory)).hasSize(writers);
    }
    assertThat(Files.readString(folder.resolve(experiment).resolve("meta.yaml")))
        .contains("name: \"same name\"\n");
  }

  @Test
  void findsAnExperimentThatPythonMade() throws IOException {
    Files.createDirectories(folder.resolve("475591144061685272"));
    Files.writeString(
        folder.resolve("475591144061685272/meta.yaml"),
        """
        artifact_location: /data/475591144061685272
        creation_time: 1795297454006
        experiment_id: '475591144061685272'
        last_update_time: 1795297454006
        lifecycle_stage: active
        name: retail
        """);
    FileStoreRun run = FileStore.at(folder).open(run(ID, "retail"), warnings::add);
    run.close();
    assertThat(run.folder()).isEqualTo(folder.resolve("475591144061685272").resolve(ID));
  }

  @Test
  void passesOverAnExperimentThatSomebodySpoilt() throws IOException {
    Files.createDirectories(folder.resolve("1"));
    Files.writeString(folder.resolve("1/meta.yaml"), "name: \"open");
    FileStoreRun run = FileStore.at(folder).open(run(ID, "retail"), warnings::add);
    run.close();
    assertThat(run.folder()).exists();
  }

  @Test
  void cutsTheHalfLineOfAKilledProcess() throws IOException {
    FileStoreRun first = open();
    deliver(first, metric("loss", 0.5, 1));
    first.close();
    Path file = first.folder().resolve("metrics/loss");
    Files.writeString(file, Files.readString(file) + "17952974540");

    FileStoreRun second = open();
    deliver(second, metric("loss", 0.25, 2));
    second.close();
    assertThat(Files.readString(file)).isEqualTo("1001 0.5 1\n1002 0.25 2\n");
  }

  @Test
  void writesAValueOnceAndKeepsManyFiles() throws IOException {
    FileStoreRun run = open();
    deliver(run, metric("a", 1, 1), metric("a", 1, 1), metric("a", Double.NaN, 1));
    List<Item> many = new ArrayList<>();
    for (int key = 0; key < 600; key++) {
      many.add(metric("many/" + key, key, 1));
    }
    deliver(run, many.toArray(Item[]::new));
    deliver(run, many.stream().map(FileStoreTest::next).toArray(Item[]::new));
    run.close();

    assertThat(Files.readString(run.folder().resolve("metrics/a")))
        .isEqualTo("1001 1.0 1\n1001 nan 1\n");
    for (int key = 0; key < 600; key++) {
      assertThat(Files.readString(run.folder().resolve("metrics/many/" + key)))
          .isEqualTo("1001 %s 1\n1002 %s 2\n".formatted((double) key, (double) key));
    }
  }

  @Test
  void namesKeysThatCannotLieBesideEachOtherAndGoesOn() throws IOException {
    FileStoreRun run = open();
    deliver(
        run,
        new Item.Param("a", "1"),
        new Item.Param("a/b", "2"),
        metric("x/y", 1, 1),
        metric("x", 2, 1),
        new Item.Param("last", "3"));
    run.close();

    assertThat(warnings)
        .hasSize(2)
        .allMatch(text -> text.contains("another key is the beginning of its path"))
        .anyMatch(text -> text.contains("param \"a/b\""))
        .anyMatch(text -> text.contains("metric \"x\""));
    assertThat(run.setAside()).isEqualTo(2);
    assertThat(run.folder().resolve("params/last")).hasContent("3");
  }

  @Test
  void shortensNamesThatNoFileSystemTakes() throws IOException {
    FileStoreRun run = open();
    String key = "单".repeat(200);
    deliver(run, new Item.Param(key, "1"), new Item.Param(key + "2", "2"));
    run.close();

    try (Stream<Path> params = Files.list(run.folder().resolve("params"))) {
      assertThat(params).hasSize(2).allMatch(path -> path.getFileName().toString().startsWith("单"));
    }
    assertThat(warnings).hasSize(2).allMatch(text -> text.contains("at most 255 bytes"));
  }

  @Test
  void neverWritesOutsideTheRun() throws IOException {
    FileStoreRun run = open();
    deliver(run, new Item.Param("../../evil", "1"), new Item.Tag("/abs", "2"));
    run.close();
    assertThat(warnings).hasSize(2).allMatch(text -> text.contains("leads out of the run"));
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void saysThatAnArtifactIsGone() throws IOException {
    FileStoreRun run = open();
    deliver(run, new Item.Upload("model", folder.resolve("nowhere")));
    run.close();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("\"model\"")
        .contains("does not exist");
  }

  @Test
  void removesAllOfIt() throws IOException {
    FileStore store = FileStore.at(folder.resolve("store"));
    FileStoreRun run = store.open(run(ID, "e"), warnings::add);
    deliver(run, metric("a/b/c", 1, 1));
    run.close();
    store.delete();
    assertThat(folder.resolve("store")).doesNotExist();
    store.delete();
  }

  private FileStoreRun open() {
    return FileStore.at(folder.resolve("runs")).open(run(ID, "e"), warnings::add);
  }

  private static RunStart run(String id, String experiment) {
    return new RunStart(id, Optional.empty(), experiment, "name", "user", 1000);
  }

  private static void deliver(FileStoreRun run, Item... items) {
    Deque<Item> queue = new ArrayDeque<>(List.of(items));
    run.deliver(queue);
    assertThat(queue).isEmpty();
  }

  private static Item.Metric metric(String key, double value, long step) {
    return new Item.Metric(key, value, 1000 + step, step);
  }

  private static Item next(Item item) {
    Item.Metric metric = (Item.Metric) item;
    return metric(metric.key(), metric.value(), metric.step() + 1);
  }
}
