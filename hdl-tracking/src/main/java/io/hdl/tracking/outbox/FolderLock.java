package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a folder for one outbox; the operating system releases it when the process dies. The lock
 * file names the process and stays.
 *
 * <p>A lock of the operating system belongs to the whole process and ends when any of its
 * descriptors of the file is closed. Hence a process keeps its own record of what it holds, and
 * never opens the lock file of a folder that it holds.
 */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "lock";
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Holds a folder.
   *
   * @throws HdlException with {@link ErrorCode#BUSY} if somebody holds it already
   */
  static FolderLock acquire(Path folder) throws IOException {
    Optional<FolderLock> lock = tryAcquire(folder);
    if (lock.isEmpty()) {
      throw new HdlException(
          ErrorCode.BUSY,
          "The tracking log in %s is in use by %s. Wait until that has ended; what it does not deliver can be delivered then."
              .formatted(folder, holder(folder)));
    }
    return lock.get();
  }

  /** Holds a folder, if nobody does. */
  static synchronized Optional<FolderLock> tryAcquire(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      return Optional.empty();
    }
    boolean held = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      held = channel.tryLock() != null;
      if (!held) {
        return Optional.empty();
      }
      sign(channel);
      return Optional.of(new FolderLock(real, channel));
    } finally {
      if (!held) {
        HELD.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Names this process, unless the disk is full: it holds the folder either way. */
  private static void sign(FileChannel channel) {
    try {
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      int unused = channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      // Who comes meanwhile is told of "another process".
    }
  }

  /**
   * Who holds a folder that somebody holds. No other thread of this process can take it meanwhile:
   * closing the file afterwards would end its lock.
   */
  static synchronized String holder(Path folder) throws IOException {
    if (HELD.contains(folder.toRealPath())) {
      return "another job of this process";
    }
    try {
      String pid = Files.readString(folder.resolve(NAME)).strip();
      return pid.isEmpty() ? "another process" : "process " + pid;
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The lock is gone either way: closing a channel releases it even when it reports an error.
    } finally {
      HELD.remove(folder);
    }
  }
}
