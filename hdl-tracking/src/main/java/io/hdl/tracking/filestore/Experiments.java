package io.hdl.tracking.filestore;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a store's experiments, those in the bin too. */
final class Experiments {
  static final String TRASH = ".trash";

  private static final Logger LOG = LoggerFactory.getLogger(Experiments.class);
  private static final String META = "meta.yaml";
  private static final String DEFAULT = "0";

  private final Path root;

  Experiments(Path root) {
    this.root = root;
  }

  /** An experiment's folder and name. */
  record Experiment(Path folder, String name) {
    String id() {
      return folder.getFileName().toString();
    }
  }

  Path trash() {
    return root.resolve(TRASH);
  }

  /** The active experiment with a name, if there is one. */
  Optional<Experiment> find(String name) throws IOException {
    return in(root).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** The experiment with a name in the bin, if there is one. */
  Optional<Experiment> findDeleted(String name) throws IOException {
    return in(trash()).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** The experiments that are not in the bin. */
  List<Experiment> active() throws IOException {
    return in(root);
  }

  /** The experiments in the bin. */
  List<Experiment> deleted() throws IOException {
    return in(trash());
  }

  /**
   * The experiment with a name. A new one gets an id that follows from its name, so that processes
   * which create it at the same time create the same one.
   *
   * @throws HdlException if it is in the bin
   */
  Experiment findOrCreate(String name, long now) throws IOException {
    Files.createDirectories(trash());
    if (!Files.exists(root.resolve(DEFAULT)) && !Files.exists(trash().resolve(DEFAULT))) {
      write(DEFAULT, "Default", now); // as MLflow does in each new directory; its UI opens on it
    }
    Optional<Experiment> known = find(name);
    if (known.isPresent()) {
      return known.get();
    }
    if (findDeleted(name).isPresent()) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "The experiment \"%s\" in %s was deleted. Restore it with `mlflow experiments restore`, remove it from %s, or track under another name."
              .formatted(name, root, trash()));
    }
    long hash = Hashing.sha256().hashString(name, StandardCharsets.UTF_8).asLong();
    String id = Long.toString(100_000_000_000_000_000L + (hash >>> 1) % 800_000_000_000_000_000L);
    write(id, name, now);
    return new Experiment(root.resolve(id), name);
  }

  private void write(String id, String name, long now) throws IOException {
    Path folder = root.resolve(id);
    if (Files.exists(folder.resolve(META))) {
      return;
    }
    Files.createDirectories(folder);
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("artifact_location", folder.toUri().toString().replaceFirst("/$", ""));
    meta.put("creation_time", now);
    meta.put("experiment_id", id);
    meta.put("last_update_time", now);
    meta.put("lifecycle_stage", "active");
    meta.put("name", name);
    AtomicPublish.text(folder.resolve(META), Yaml.write(meta));
  }

  /** Marks an experiment, as MLflow does before it moves it and after it moved it back. */
  void mark(Path folder, String stage, long now) throws IOException {
    Path meta = folder.resolve(META);
    AtomicPublish.text(
        meta,
        Yaml.with(
            Files.readString(meta), Map.of("lifecycle_stage", stage, "last_update_time", now)));
  }

  private static List<Experiment> in(Path parent) throws IOException {
    List<Experiment> found = new ArrayList<>();
    if (!Files.isDirectory(parent)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent)) {
      for (Path folder : folders) {
        nameOf(folder.resolve(META)).ifPresent(name -> found.add(new Experiment(folder, name)));
      }
    }
    return found;
  }

  /** The experiment's name; none for a folder that is no experiment or was spoilt by somebody. */
  private static Optional<String> nameOf(Path meta) {
    if (!Files.isRegularFile(meta)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Yaml.read(Files.readString(meta), meta.toString()).get("name"));
    } catch (IOException | HdlException e) {
      LOG.warn("Passed over the experiment of {}: {}", meta, e.getMessage());
      return Optional.empty();
    }
  }
}
