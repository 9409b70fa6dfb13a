package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableFiles.Held;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.ColumnDecoder.DataFileReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Hands out the files of a snapshot for decoding. A file is held while it is decoded and a little
 * beyond, as tasks mostly go through a file in one go; no more files than that are held, however
 * many the table has. Footers are read once. Thread-safe.
 */
final class FileReaders implements AutoCloseable {
  /** A file that is held, and how many use it now. */
  private static final class Use {
    final Held held;
    final DataFileReader reader;
    int users;

    Use(Held held, DataFileReader reader) {
      this.held = held;
      this.reader = reader;
    }
  }

  private final TableSnapshot snapshot;
  private final TableFiles files;
  private final Runnable checkpoint;
  private final int mostIdle;
  private final Map<String, DataFileReader> known = new ConcurrentHashMap<>();

  // By address; the one that was used longest ago comes first.
  private final Map<String, Use> uses = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /**
   * Readers for a snapshot.
   *
   * @param checkpoint called now and then while a file is on its way; may throw
   * @param mostIdle how many files are held that nobody uses now
   */
  FileReaders(TableSnapshot snapshot, Runnable checkpoint, int mostIdle) {
    this.snapshot = snapshot;
    this.files = snapshot.tableFiles();
    this.checkpoint = checkpoint;
    this.mostIdle = mostIdle;
  }

  /** A reader of a file, which is here now; the reader holds it while it decodes. */
  DataFileReader open(DataFile file) {
    return new HeldReader(this, file, with(file, reader -> reader));
  }

  /** Does something with an open file. */
  <T> T with(DataFile file, Function<DataFileReader, T> task) {
    Use use = acquire(file);
    try {
      return task.apply(use.reader);
    } catch (HdlException e) {
      throw described(e, file, use.held.path());
    } finally {
      release(file, use);
    }
  }

  private Use acquire(DataFile file) {
    synchronized (uses) {
      Use held = uses.get(file.address());
      if (held != null) {
        held.users++;
        return held;
      }
    }
    Use opened = hold(file);
    Use used = opened;
    synchronized (uses) {
      Use other = uses.get(file.address());
      if (other != null) {
        used = other;
      } else if (!closed) {
        uses.put(file.address(), opened);
      }
      used.users++;
    }
    if (used != opened) {
      opened.held.close();
    }
    return used;
  }

  private Use hold(DataFile file) {
    Held held;
    try {
      held = files.hold(file.address(), file.size(), checkpoint);
    } catch (HdlException e) {
      throw e.code() == ErrorCode.NOT_FOUND ? gone(file.address(), e) : e;
    }
    try {
      DataFileReader before = known.get(file.address());
      if (before != null) {
        return new Use(held, before.at(held.path()));
      }
      DataFileReader reader = ColumnDecoder.standard().open(held.path());
      known.put(file.address(), reader);
      return new Use(held, reader);
    } catch (HdlException e) {
      held.close();
      throw described(e, file, held.path());
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /** What it means that a lake has a file of the snapshot no more. */
  HdlException gone(String address, HdlException cause) {
    return new HdlException(
        ErrorCode.DATA_FILES_MISSING,
        "Cannot read version "
            + snapshot.version()
            + " of the table "
            + snapshot.uri()
            + ": its file "
            + address
            + " is gone, as after VACUUM. Read a newer version, or this one where it is cached.",
        cause);
  }

  /** An error in the words of whoever knows the table, not its copy on this machine. */
  private static HdlException described(HdlException e, DataFile file, Path path) {
    String message = String.valueOf(e.getMessage());
    String local = path.toString();
    return local.equals(file.address()) || !message.contains(local)
        ? e
        : new HdlException(
            e.code(), message.replace(local, file.address() + " (here " + local + ")"), e);
  }

  private void release(DataFile file, Use use) {
    List<Use> over = new ArrayList<>();
    synchronized (uses) {
      use.users--;
      if (use.users == 0 && uses.get(file.address()) != use) {
        over.add(use);
      }
      trim(closed ? 0 : mostIdle, over);
    }
    over.forEach(old -> old.held.close());
  }

  private void trim(int most, List<Use> over) {
    long idle = uses.values().stream().filter(use -> use.users == 0).count();
    for (Iterator<Use> all = uses.values().iterator(); idle > most && all.hasNext(); ) {
      Use use = all.next();
      if (use.users == 0) {
        over.add(use);
        all.remove();
        idle--;
      }
    }
  }

  /** Lets go of all files that nobody uses now. */
  void letGo() {
    List<Use> over = new ArrayList<>();
    synchronized (uses) {
      trim(0, over);
    }
    over.forEach(old -> old.held.close());
  }

  /** As {@link #letGo}; files in use are let go when their task ends. */
  @Override
  public void close() {
    synchronized (uses) {
      closed = true;
    }
    letGo();
  }
}
