package io.hdl.tracking.filestore;

import com.google.common.base.Splitter;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Item;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a run's folder back as items, whether we or MLflow's Python wrote it. */
final class RunReader {
  private static final Logger LOG = LoggerFactory.getLogger(RunReader.class);
  private static final Splitter FIELDS = Splitter.on(' ');

  private final Path folder;
  private final Path artifacts;

  /** A run whose artifacts lie in its folder. */
  RunReader(Path folder) {
    this(folder, "");
  }

  /**
   * A run.
   *
   * @param artifactUri where its artifacts are, unless they lie in its folder
   */
  RunReader(Path folder, String artifactUri) {
    this.folder = folder;
    this.artifacts = artifacts(folder.resolve("artifacts"), artifactUri);
  }

  /** Python may have been told to keep artifacts elsewhere on this machine. */
  private static Path artifacts(Path own, String uri) {
    try {
      Path other = uri.startsWith("file:") ? Path.of(URI.create(uri)) : own;
      return !Files.isDirectory(own) && Files.isDirectory(other) ? other : own;
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return own;
    }
  }

  /** Params, tags, inputs, metrics and artifacts, in this order. */
  void forEach(Consumer<? super Item> consumer) throws IOException {
    for (Path file : files("params")) {
      consumer.accept(new Item.Param(key("params", file), Files.readString(file)));
    }
    for (Path file : files("tags")) {
      consumer.accept(new Item.Tag(key("tags", file), Files.readString(file)));
    }
    for (Path file : files("inputs")) {
      input(file).ifPresent(consumer);
    }
    forEachMetric(consumer);
    for (Path file : files(artifacts)) {
      consumer.accept(new Item.Upload(key(artifacts, file), file));
    }
  }

  void forEachMetric(Consumer<? super Item.Metric> consumer) throws IOException {
    for (Path file : files("metrics")) {
      metrics(key("metrics", file), file, consumer);
    }
  }

  /** A last line without its end is half of what somebody is writing, or was when he was killed. */
  private static void metrics(String key, Path file, Consumer<? super Item.Metric> consumer)
      throws IOException {
    boolean torn = isTorn(file);
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      while (line != null) {
        String next = lines.readLine();
        if (next != null || !torn) {
          metric(key, FIELDS.splitToList(line.strip())).ifPresent(consumer);
        }
        line = next;
      }
    }
  }

  private static boolean isTorn(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    }
  }

  /**
   * Time, value and step; the step may be missing, and name and digest of a dataset may follow.
   * None if it is no such line.
   */
  private static Optional<Item.Metric> metric(String key, List<String> fields) {
    if (fields.size() != 2 && fields.size() != 3 && fields.size() != 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Item.Metric(
              key,
              value(fields.get(1)),
              Long.parseLong(fields.get(0)),
              fields.size() == 2 ? 0 : Long.parseLong(fields.get(2))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static double value(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** The dataset behind a link; none if it is no dataset or somebody spoilt it. */
  private Optional<Item> input(Path link) throws IOException {
    if (!link.endsWith("meta.yaml")) {
      return Optional.empty();
    }
    try {
      String linkText = Files.readString(link);
      Map<String, String> linked = Yaml.read(linkText, link.toString());
      String id = linked.getOrDefault("source_id", "");
      if (!"DATASET".equals(linked.get("source_type")) || !id.matches("[0-9a-zA-Z-]+")) {
        return Optional.empty();
      }
      Path dataset = folder.resolveSibling("datasets").resolve(id).resolve("meta.yaml");
      if (!Files.isRegularFile(dataset)) {
        return Optional.empty();
      }
      Map<String, String> meta = Yaml.read(Files.readString(dataset), dataset.toString());
      return Optional.of(
          new Item.Input(
              text(meta, "name"),
              text(meta, "digest"),
              text(meta, "source_type"),
              text(meta, "source"),
              text(meta, "profile"),
              Yaml.nested(linkText, "tags", link.toString())));
    } catch (HdlException e) {
      LOG.warn("Passed over the dataset of {}: {}", link, e.getMessage());
      return Optional.empty();
    }
  }

  private static String text(Map<String, String> meta, String key) {
    String text = meta.getOrDefault(key, "");
    return text.equals("null") ? "" : text;
  }

  private List<Path> files(String part) throws IOException {
    return files(folder.resolve(part));
  }

  private static List<Path> files(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(parent)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private String key(String part, Path file) {
    return key(folder.resolve(part), file);
  }

  private static String key(Path parent, Path file) {
    return parent.relativize(file).toString().replace('\\', '/');
  }
}
