package io.hdl.tracking.filestore;

import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A run as a directory keeps it, to be read: written by this library or by MLflow itself.
 * Immutable; what it reads is what lies there at that moment.
 */
public final class KeptRun {
  private static final String PARENT_TAG = "mlflow.parentRunId";

  private final Path folder;
  private final RunStart start;
  private final Optional<Item.End> end;
  private final boolean deleted;
  private final String artifactUri;

  KeptRun(
      Path folder, RunStart start, Optional<Item.End> end, boolean deleted, String artifactUri) {
    this.folder = folder;
    this.start = start;
    this.end = end;
    this.deleted = deleted;
    this.artifactUri = artifactUri;
  }

  /** The same run, whose parent is told only if it is among the known ones. */
  KeptRun withParents(Set<String> keys) {
    return new KeptRun(folder, KeptRuns.known(start, keys), end, deleted, artifactUri);
  }

  /** How it began; its key is the run's id. */
  public RunStart start() {
    return start;
  }

  /** How it ended; empty while it runs, or if its process was killed. */
  public Optional<Item.End> end() {
    return end;
  }

  /** Whether it lies in the bin: it, or its experiment, was deleted. */
  public boolean isDeleted() {
    return deleted;
  }

  /** The run's folder. */
  public Path folder() {
    return folder;
  }

  /**
   * Hands over all that the run holds: params, tags, inputs, metrics (of a key in the order in
   * which they were written), artifacts, and its end. Half a line, which a process leaves that was
   * killed, is left out. The tag with the parent's id is left out, too, if the parent is known: it
   * is another one elsewhere.
   *
   * @throws io.hdl.core.error.HdlException if the folder cannot be read
   */
  public void forEach(Consumer<? super Item> consumer) {
    try {
      new RunReader(folder, artifactUri)
          .forEach(
              item -> {
                boolean parent =
                    item instanceof Item.Tag tag
                        && tag.key().equals(PARENT_TAG)
                        && start.parentKey().isPresent();
                if (!parent) {
                  consumer.accept(item);
                }
              });
    } catch (IOException e) {
      throw FileFailure.of("read the run in", folder, e);
    }
    end.ifPresent(consumer);
  }

  /** The same as a list; a million metric values take some 60 MB. */
  public List<Item> items() {
    List<Item> items = new ArrayList<>();
    forEach(items::add);
    return items;
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
