package io.hdl.tracking.filestore;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of experiments and runs in MLflow's own layout. Immutable and thread-safe; several
 * processes may use the same directory at the same time.
 */
public final class FileStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
  private static final String META = "meta.yaml";
  private static final String TRASH = ".trash";

  private final Path root;

  private FileStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The store in a directory, which need not exist yet. */
  public static FileStore at(Path root) {
    return new FileStore(root);
  }

  /** The directory, absolute. */
  public Path root() {
    return root;
  }

  /**
   * What a new run is called by.
   *
   * @param id 32 hexadecimal digits; a run with this id that exists is opened again
   * @param name the run's name for people
   * @param user who runs it
   * @param start milliseconds since 1970
   */
  public record NewRun(String id, String name, String user, long start) {
    /** Checks the id, which becomes a folder's name. */
    public NewRun {
      if (!id.matches("[0-9a-f]{32}")) {
        throw new IllegalArgumentException(
            "run id: \"" + id + "\" (expected: 32 hexadecimal digits)");
      }
    }
  }

  /**
   * Opens a run of an experiment, creating what is missing. A run that exists is set back to
   * running and takes further items.
   *
   * @param warning takes a text for each item that cannot be kept
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if the directory cannot be written, with
   *     {@link ErrorCode#NOT_FOUND} if the experiment was deleted
   */
  public FileStoreRun open(String experiment, NewRun run, Consumer<String> warning) {
    try {
      String experimentId = experiment(experiment, run.start());
      return FileStoreRun.open(root.resolve(experimentId), experimentId, run, warning);
    } catch (IOException e) {
      throw FileFailure.of("open the run in", root, e);
    }
  }

  /**
   * Removes the store with everything in it.
   *
   * @throws HdlException if files cannot be removed
   */
  public void delete() {
    try {
      FileWriting.remove(root);
    } catch (IOException e) {
      throw FileFailure.of("remove", root, e);
    }
  }

  /** The id of the active experiment with a name, if there is one. */
  Optional<String> find(String name) throws IOException {
    return find(root, name);
  }

  /**
   * The experiment's id. A new one gets an id that follows from its name, so that processes which
   * create it at the same time create the same one.
   */
  private String experiment(String name, long now) throws IOException {
    Files.createDirectories(root);
    createDefault(now);
    Optional<String> known = find(root, name);
    if (known.isPresent()) {
      return known.get();
    }
    if (find(root.resolve(TRASH), name).isPresent()) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "The experiment \"%s\" in %s was deleted. Restore it with `mlflow experiments restore`, remove it from %s, or track under another name."
              .formatted(name, root, root.resolve(TRASH)));
    }
    long hash = Hashing.sha256().hashString(name, StandardCharsets.UTF_8).asLong();
    String id = Long.toString(100_000_000_000_000_000L + (hash >>> 1) % 800_000_000_000_000_000L);
    writeExperiment(id, name, now);
    return id;
  }

  /** MLflow makes the experiment "Default" in each new directory, and its UI opens on it. */
  private void createDefault(long now) throws IOException {
    Files.createDirectories(root.resolve(TRASH));
    if (!Files.exists(root.resolve("0")) && !Files.exists(root.resolve(TRASH).resolve("0"))) {
      writeExperiment("0", "Default", now);
    }
  }

  private void writeExperiment(String id, String name, long now) throws IOException {
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

  private static Optional<String> find(Path parent, String name) throws IOException {
    if (!Files.isDirectory(parent)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent)) {
      for (Path folder : folders) {
        if (name.equals(nameOf(folder.resolve(META)))) {
          return Optional.of(folder.getFileName().toString());
        }
      }
    }
    return Optional.empty();
  }

  /** The experiment's name; none for a folder that is no experiment or was spoilt by somebody. */
  private static @Nullable String nameOf(Path meta) {
    if (!Files.isRegularFile(meta)) {
      return null;
    }
    try {
      return Yaml.read(Files.readString(meta), meta.toString()).get("name");
    } catch (IOException | HdlException e) {
      LOG.warn("Passed over the experiment of {}: {}", meta, e.getMessage());
      return null;
    }
  }
}
