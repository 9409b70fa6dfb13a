package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below one place, such as those of a run: through the tracking server ({@code
 * mlflow-artifacts:}), in a lake ({@code abfss:}), on this machine or a mount ({@code file:}), or
 * in a Databricks workspace ({@code dbfs:}). Files are streamed, whatever their size. Thread-safe.
 *
 * <p>A name is a path below the root, with forward slashes. One that would leave the root, or that
 * the other side would change, is refused before anything is sent. The time that calls take limits
 * how long no byte may move: a slow link is no error. (What the operating system holds of a
 * connection moves unseen, some megabytes: a link of less than some 64 KiB/s may count as dead.)
 */
public final class Artifacts {
  private final Supplier<ArtifactPlace> place;

  Artifacts(Supplier<ArtifactPlace> place) {
    this.place = place;
  }

  /** What an entry of a folder is. */
  public enum Kind {
    /** A file. */
    FILE,
    /** A folder. */
    FOLDER
  }

  /**
   * What lies in a folder.
   *
   * @param path below the root
   * @param size in bytes; 0 for a folder
   */
  public record Entry(String path, Kind kind, long size) {}

  /**
   * Sends a file, or a folder with all that is in it, overwriting what has the same name. A file of
   * a folder that cannot be sent for its own fault holds up none of the others; the first such
   * failure is thrown at the end, with the others as suppressed ones.
   *
   * @param name path below the root; empty for a folder whose content goes to the root itself
   * @param idle how long no byte may move
   * @throws HdlException if something did not arrive; see {@link #isFilesFault}
   */
  public void upload(String name, Path from, Duration idle) {
    if (!Files.isDirectory(from)) {
      put(name, from, idle);
      return;
    }
    String folder = ArtifactName.checkedFolder(name);
    @Nullable HdlException first = null;
    for (Path file : files(from)) {
      String below =
          from.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
      try {
        put(ArtifactName.below(folder, below), file, idle);
      } catch (HdlException e) {
        if (!isFilesFault(e)) {
          throw e;
        }
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void put(String name, Path file, Duration idle) {
    String checked = ArtifactName.checked(name);
    if (!Files.exists(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot send the artifact \"%s\": %s does not exist (any more).".formatted(name, file));
    }
    place.get().put(checked, file, idle);
  }

  /**
   * Whether a file could not be sent for a reason of its own, so that others may still arrive and
   * sending it again does not help: it is gone, unreadable, or refused. A server that is away or
   * refuses the caller is not the file's fault.
   */
  public static boolean isFilesFault(HdlException e) {
    return e instanceof ServerException refusal
        ? refusal.refusesContent()
        : e.code() == ErrorCode.UNSUPPORTED_FEATURE
            || e.code() == ErrorCode.INVALID_ARGUMENT
            || e.code() == ErrorCode.NOT_FOUND
            || e.code() == ErrorCode.IO_FAILURE;
  }

  /**
   * What lies directly below a folder, by name; nothing if there is no such folder. Of a lake the
   * files alone.
   *
   * @param folder path below the root; empty for the root
   */
  public List<Entry> list(String folder, Duration limit) {
    return place.get().list(ArtifactName.checkedFolder(folder), limit).stream()
        .sorted(Comparator.comparing(Entry::path))
        .toList();
  }

  /**
   * Fetches a file, or a folder with all that is in it. Each file appears whole or not at all.
   *
   * @param name path below the root; empty for everything
   * @param to the file, or the folder that takes what is in the folder
   * @param idle how long no byte may move
   * @throws HdlException with {@code NOT_FOUND} if there is neither a file nor a folder of this
   *     name, or only an empty folder
   */
  public void download(String name, Path to, Duration idle) {
    ArtifactPlace from = place.get();
    Deque<Entry> waiting = new ArrayDeque<>(list(name, idle));
    if (waiting.isEmpty()) {
      from.get(ArtifactName.checked(name), to, idle);
      return;
    }
    while (!waiting.isEmpty()) {
      Entry entry = waiting.remove();
      // What a server lists may not lead to elsewhere on this machine, either.
      String path = ArtifactName.checked(entry.path());
      if (entry.kind() == Kind.FOLDER) {
        waiting.addAll(list(path, idle));
      } else {
        Path target = to.resolve(name.isEmpty() ? path : path.substring(name.length() + 1));
        from.get(path, target, idle);
      }
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot list the files of the artifact " + folder + ": " + e, e);
    }
  }
}
