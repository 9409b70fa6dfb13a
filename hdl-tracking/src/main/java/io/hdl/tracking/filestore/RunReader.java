package io.hdl.tracking.filestore;

import com.google.common.base.Splitter;
import io.hdl.tracking.outbox.Item;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a run's folder back as items. */
final class RunReader {
  private static final Splitter FIELDS = Splitter.on(' ');

  private final Path folder;

  RunReader(Path folder) {
    this.folder = folder;
  }

  List<Item> items() throws IOException {
    List<Item> items = new ArrayList<>();
    for (Path file : files("params")) {
      items.add(new Item.Param(key("params", file), Files.readString(file)));
    }
    for (Path file : files("tags")) {
      items.add(new Item.Tag(key("tags", file), Files.readString(file)));
    }
    for (Path file : files("metrics")) {
      metrics(key("metrics", file), file, items);
    }
    for (Path file : files("artifacts")) {
      items.add(new Item.Upload(key("artifacts", file), file));
    }
    return items;
  }

  private static void metrics(String key, Path file, List<Item> items) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        metric(key, FIELDS.splitToList(line)).ifPresent(items::add);
      }
    }
  }

  /** A value; none in half a line, which a process leaves that was killed. */
  private static Optional<Item> metric(String key, List<String> fields) {
    if (fields.size() != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Item.Metric(
              key,
              value(fields.get(1)),
              Long.parseLong(fields.get(0)),
              Long.parseLong(fields.get(2))));
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

  private List<Path> files(String part) throws IOException {
    Path parent = folder.resolve(part);
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(parent)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private String key(String part, Path file) {
    return folder.resolve(part).relativize(file).toString().replace('\\', '/');
  }
}
