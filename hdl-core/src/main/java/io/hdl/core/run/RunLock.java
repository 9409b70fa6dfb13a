package io.hdl.core.run;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a run for one job; the operating system releases it when the process dies.
 *
 * <p>A lock of the operating system belongs to the whole process and ends when any of its
 * descriptors of the file is closed. Hence a process keeps its own record of what it holds, and
 * never opens the lock file of a run that it holds.
 */
final class RunLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final FileChannel channel;

  private RunLock(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /** The lock, or empty if somebody else holds it, in this process or another. */
  static Optional<RunLock> tryAcquire(RunDirectory directory) {
    Path real = null;
    FileChannel channel = null;
    boolean held = false;
    try {
      Path root = directory.root().toRealPath();
      if (!HELD.add(root)) {
        return Optional.empty();
      }
      real = root;
      channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      held = channel.tryLock() != null;
      return held ? Optional.of(new RunLock(root, channel)) : Optional.empty();
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot lock the run " + directory.root() + ": " + e, e);
    } finally {
      if (!held && channel != null) {
        closeQuietly(channel);
      }
      if (!held && real != null) {
        HELD.remove(real);
      }
    }
  }

  @Override
  public void close() {
    if (channel.isOpen()) {
      closeQuietly(channel);
      HELD.remove(root);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock is gone either way: closing a channel releases it even when it reports an error.
    }
  }
}
