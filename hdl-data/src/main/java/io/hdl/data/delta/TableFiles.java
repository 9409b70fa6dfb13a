package io.hdl.data.delta;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The files of one table, wherever they lie: those of its log, and those that hold its rows. What
 * reads a table asks for a file by its address and holds it while it reads; a table on this
 * machine's disks ({@link #local}) hands out the file itself, one on a lake a copy that it fetched.
 * Implementations are thread-safe.
 */
public interface TableFiles {
  /** The size of a file of which the log tells none. */
  long UNKNOWN_SIZE = -1;

  /**
   * One file of a table's log, as it was listed.
   *
   * @param name its name below {@code _delta_log}
   * @param size its length in bytes
   * @param modified when it was written, in whole milliseconds
   */
  record LogFile(String name, long size, Instant modified) {}

  /** A file on this machine, which stays as it is until this is closed. */
  interface Held extends AutoCloseable {
    /** Where it can be read. */
    Path path();

    /** Lets go of the file. Idempotent. */
    @Override
    void close();
  }

  /** The files of a table in a folder of this machine. */
  static TableFiles local(Path table) {
    return new LocalTableFiles(table, table.toString());
  }

  /**
   * The files of a table in a folder of this machine that people know by another address, as a
   * mount of the lake.
   */
  static TableFiles mounted(Path folder, String address) {
    return new LocalTableFiles(folder, address);
  }

  /** What people call the table: its folder, or its address. */
  String address();

  /** Where the files lie. */
  Location location();

  /** Where the files of a table lie. */
  enum Location {
    /** In a folder of this machine: all of them are at hand. */
    LOCAL,
    /** Elsewhere: each one comes when it is asked for, or ahead of that. */
    REMOTE
  }

  /**
   * The files of the log, sorted by name: at least those that tell of a version, or that it takes
   * to find out which version is meant.
   *
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if there is nothing at the
   *     address; a place without a log gives an empty list
   */
  List<LogFile> log(TableVersion wanted);

  /** Why there is no log, after {@link #log(TableVersion)} gave none: it has no such folder. */
  String whyNoLog();

  /**
   * A file of the log to be read here, which stays for as long as the table is open.
   *
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if it is gone
   */
  Path log(LogFile file);

  /** Begins to bring files of the log here. */
  void logAhead(List<LogFile> files);

  /**
   * The address of a data file.
   *
   * @param name as the log writes it: percent-encoded, within the table or absolute
   * @throws io.hdl.core.error.HdlException with {@code CORRUPT_DATA} if it is no path, with {@code
   *     UNSUPPORTED_FEATURE} if the file lies on another store
   */
  String resolve(String name);

  /**
   * Brings a file here and holds it.
   *
   * @param address as {@link #resolve} gave it
   * @param size its length in bytes, or {@link #UNKNOWN_SIZE}
   * @param checkpoint called now and then while waiting; may throw
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if it is gone; what the
   *     checkpoint throws comes out as it is
   */
  Held hold(String address, long size, Runnable checkpoint);

  /**
   * Begins to bring data files here, in this order, those of their deletion vectors included, as
   * far as there is room for what was not asked for yet. Whoever reads the files closes what this
   * gives.
   */
  Ahead ahead(List<DataFile> files);

  /** Files on their way here. */
  interface Ahead extends AutoCloseable {
    /** Brings no more. Idempotent. */
    @Override
    void close();
  }
}
