package io.hdl.tracking.filestore;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.ReportedSteps;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One run in a directory. What {@link #deliver} took over is with the operating system when it
 * returns. Belongs to one thread at a time.
 */
public final class FileStoreRun implements AutoCloseable {
  private static final int LONGEST_NAME = 255;

  private final Path experiment;
  private final Path folder;
  private final String id;
  private final Consumer<String> warning;
  private final MetricFiles metrics;
  private final RunMeta meta;
  private final Set<String> renamed = new HashSet<>();
  private long setAside;

  private FileStoreRun(Path folder, String id, Consumer<String> warning) {
    this.experiment = Objects.requireNonNull(folder.getParent(), "a run lies in an experiment");
    this.folder = folder;
    this.id = id;
    this.warning = warning;
    this.metrics = new MetricFiles();
    this.meta = new RunMeta(folder);
  }

  static FileStoreRun open(Path folder, RunStart run, Consumer<String> warning) throws IOException {
    FileStoreRun opened = new FileStoreRun(folder, run.key(), warning);
    opened.begin(run);
    return opened;
  }

  /**
   * The steps at which metrics have values here already.
   *
   * @throws io.hdl.core.error.HdlException if the files cannot be read
   */
  public ReportedSteps reported() {
    ReportedSteps steps = new ReportedSteps();
    try {
      new RunReader(folder).forEachMetric(metric -> steps.add(metric.key(), metric.step()));
    } catch (IOException e) {
      throw FileFailure.of("read the metrics of", folder, e);
    }
    return steps;
  }

  /** The run's folder. */
  public Path folder() {
    return folder;
  }

  private void begin(RunStart run) throws IOException {
    for (String part : List.of("metrics", "params", "tags", "artifacts")) {
      Files.createDirectories(folder.resolve(part));
    }
    if (meta.exists()) {
      if (meta.isDeleted()) {
        throw new HdlException(
            ErrorCode.NOT_FOUND,
            "The run %s in %s was deleted. Restore it with `mlflow runs restore --run-id %s`, or begin a new one."
                .formatted(id, experiment, id));
      }
      meta.running();
      return;
    }
    meta.create(run, experiment.getFileName().toString());
    tag(new Item.Tag("mlflow.runName", run.name()));
    tag(new Item.Tag("mlflow.user", run.user()));
    if (run.parentKey().isPresent()) {
      tag(new Item.Tag("mlflow.parentRunId", run.parentKey().get()));
    }
  }

  /**
   * Takes over all items and removes them from the queue. An item that can never be kept is
   * reported, and removed as well.
   *
   * @throws HdlException if the files cannot be written now; offering the same items again does no
   *     harm
   */
  public void deliver(Deque<Item> items) {
    try {
      for (Item item : items) {
        write(item);
      }
      metrics.commit();
      items.clear();
    } catch (IOException e) {
      metrics.rollback(e);
      throw FileFailure.of("write the run in", folder, e);
    }
  }

  private void write(Item item) throws IOException {
    try {
      if (item instanceof Item.Metric metric) {
        metrics.append(file("metrics", metric.key()), metric);
      } else if (item instanceof Item.Param param) {
        param(param);
      } else if (item instanceof Item.Tag tag) {
        tag(tag);
      } else if (item instanceof Item.Input input) {
        input(input);
      } else if (item instanceof Item.Upload upload) {
        upload(upload);
      } else if (item instanceof Item.Model model) {
        upload(new Item.Upload(model.name(), model.folder()));
      } else if (item instanceof Item.End end) {
        meta.end(end);
      }
    } catch (FileSystemException e) {
      if (isFull(e) || !Files.isWritable(folder)) {
        throw e; // the disk's fault, not the item's
      }
      setAside++;
      warning.accept("The %s cannot be kept in %s: %s".formatted(item.title(), folder, reason(e)));
    }
  }

  private static boolean isFull(FileSystemException e) {
    String why = String.valueOf(e.getMessage());
    return why.contains("No space left") || why.contains("quota");
  }

  private static String reason(FileSystemException e) {
    String why = String.valueOf(e.getMessage());
    return why.contains("Not a directory")
            || why.contains("Is a directory")
            || e instanceof FileAlreadyExistsException
        ? "another key is the beginning of its path. Rename one of them."
        : why;
  }

  private void param(Item.Param param) throws IOException {
    Path file = file("params", param.key());
    if (Files.isRegularFile(file)) {
      String known = Files.readString(file);
      if (!known.equals(param.value())) {
        warning.accept(param.keptFirst());
      }
      return;
    }
    text(file, param.value());
  }

  private void tag(Item.Tag tag) throws IOException {
    text(file("tags", tag.key()), tag.value());
  }

  private void text(Path file, String text) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    FileWriting.replace(file, encodable(text), folder);
  }

  private void input(Item.Input input) throws IOException {
    String dataset = md5(input.name() + input.digest());
    Path datasetMeta = experiment.resolve("datasets").resolve(dataset).resolve("meta.yaml");
    if (!Files.exists(datasetMeta)) {
      Map<String, Object> meta = new LinkedHashMap<>();
      meta.put("digest", input.digest());
      meta.put("name", input.name());
      meta.put("profile", input.profile());
      meta.put("schema", Optional.empty());
      meta.put("source", input.source());
      meta.put("source_type", input.sourceType());
      text(datasetMeta, Yaml.write(meta));
    }
    Path link = folder.resolve("inputs").resolve(md5(dataset + id)).resolve("meta.yaml");
    if (!Files.exists(link)) {
      Map<String, Object> meta = new LinkedHashMap<>();
      meta.put("destination_id", dataset); // as MLflow itself writes it
      meta.put("destination_type", "RUN");
      meta.put("source_id", dataset);
      meta.put("source_type", "DATASET");
      meta.put("tags", input.tags());
      text(link, Yaml.write(meta));
    }
  }

  private void upload(Item.Upload upload) throws IOException {
    if (!Files.exists(upload.file())) {
      setAside++;
      warning.accept(
          "The artifact \"%s\" was not kept: %s does not exist (any more)."
              .formatted(upload.name(), upload.file()));
      return;
    }
    FileWriting.copy(upload.file(), file("artifacts", upload.name()), folder);
  }

  /** The file of a key, never outside its part of the run. */
  private Path file(String part, String key) throws IOException {
    Path parent = folder.resolve(part);
    Path file = parent.resolve(nameable(key)).normalize();
    if (!file.startsWith(parent) || file.equals(parent)) {
      throw new FileSystemException(key, null, "leads out of the run");
    }
    return file;
  }

  /** File systems take names of 255 bytes; a longer segment is cut and ends in a hash. */
  private String nameable(String key) {
    if (key.length() <= LONGEST_NAME / 4) {
      return key;
    }
    String[] segments = key.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        int end = segment.length();
        while (segment.substring(0, end).getBytes(StandardCharsets.UTF_8).length
            > LONGEST_NAME - 10) {
          end = segment.offsetByCodePoints(end, -1);
        }
        segments[i] = segment.substring(0, end) + "-" + md5(segment).substring(0, 8);
      }
    }
    String fit = String.join("/", segments);
    if (!fit.equals(key) && renamed.add(key)) {
      warning.accept(
          "The key \"%s\" is kept as \"%s\": a file's name has at most %d bytes."
              .formatted(key, fit, LONGEST_NAME));
    }
    return fit;
  }

  /** Java strings may hold half a surrogate pair, which has no UTF-8 form. */
  private static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** MLflow names datasets and inputs by MD5; nothing is protected by it. */
  @SuppressWarnings("deprecation")
  private static String md5(String text) {
    return Hashing.md5().hashString(text, StandardCharsets.UTF_8).toString();
  }

  /** How many items were reported and removed although they were not kept. */
  public long setAside() {
    return setAside;
  }

  @Override
  public void close() {
    try {
      metrics.close();
    } catch (IOException e) {
      throw FileFailure.of("close the metrics of", folder, e);
    }
  }
}
