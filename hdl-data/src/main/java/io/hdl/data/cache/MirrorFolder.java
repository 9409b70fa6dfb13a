package io.hdl.data.cache;

import io.hdl.core.storage.FileFailure;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A private local folder in which files of a folder of the lake appear under their own names, for
 * readers that want a folder: those of a Delta log. Each file stays until this is closed.
 * Thread-safe.
 */
public final class MirrorFolder implements AutoCloseable {
  private final URI folder;
  private final Path path;
  private final LakeCache cache;
  private final List<HeldFile> elsewhere = new ArrayList<>();
  private boolean closed;

  MirrorFolder(URI folder, Path path, LakeCache cache) {
    this.folder = folder;
    this.path = path;
    this.cache = cache;
  }

  /** The local folder. What else is written into it disappears with it. */
  public Path path() {
    return path;
  }

  /**
   * Makes a file appear, from the nearest place that has it. One of the same name is replaced.
   *
   * @param file a file below the mirrored folder, at any depth
   * @param modified when it was last modified in the lake: the local file's time, too
   * @param checkpoint called now and then while it is fetched; may throw
   * @return its path in the local folder
   * @throws io.hdl.core.error.HdlException as {@link LakeCache#hold} does
   */
  public Path add(RemoteFile file, Instant modified, Runnable checkpoint) {
    Path link = path;
    for (String name : MirrorNames.below(folder, file.uri())) {
      link = link.resolve(name);
    }
    HeldFile held = cache.hold(file, modified, checkpoint);
    boolean kept = false;
    try {
      Files.createDirectories(link.resolveSibling(""));
      if (!modified.equals(Files.getLastModifiedTime(held.path()).toInstant())) {
        Files.setLastModifiedTime(held.path(), FileTime.from(modified));
      }
      kept = link(link, held);
      return link;
    } catch (IOException e) {
      throw FileFailure.of("write", link, e);
    } finally {
      if (!kept) {
        held.close();
      }
    }
  }

  /** Whether the file has to be held for the link to stay. */
  private synchronized boolean link(Path link, HeldFile held) throws IOException {
    if (closed) {
      throw new IOException("the folder is closed");
    }
    try {
      Files.createLink(link, held.path());
      return false;
    } catch (FileAlreadyExistsException e) {
      if (Files.isSameFile(link, held.path())) {
        return false;
      }
      Files.delete(link);
      return link(link, held);
    } catch (FileSystemException e) {
      // It lies on another disk.
      Files.createSymbolicLink(link, held.path());
      elsewhere.add(held);
      return true;
    }
  }

  /** Removes the local folder. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    elsewhere.forEach(HeldFile::close);
    try {
      Holder.delete(path);
    } catch (IOException e) {
      // It goes with the cache, or with whoever uses the tier next.
    }
  }
}
