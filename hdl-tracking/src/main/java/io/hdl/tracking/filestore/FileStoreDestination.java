package io.hdl.tracking.filestore;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.ReportedSteps;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps runs in a directory. What {@link #deliver} took over is with the operating system when it
 * returns. Thread-safe: a run may be opened while another one is written.
 */
public final class FileStoreDestination implements Destination {
  private final FileStore store;
  private final Consumer<String> warning;
  private final Map<String, FileStoreRun> runs = new LinkedHashMap<>();

  /**
   * Keeps runs in a store.
   *
   * @param warning takes a text for each item that cannot be kept
   */
  public FileStoreDestination(FileStore store, Consumer<String> warning) {
    this.store = store;
    this.warning = warning;
  }

  /**
   * Opens a run, creating what is missing, and sets it to running.
   *
   * @return its folder
   * @throws HdlException as {@link FileStore#open} does
   */
  public synchronized Path open(RunStart run) {
    return opened(run).folder();
  }

  private FileStoreRun opened(RunStart run) {
    FileStoreRun known = runs.get(run.key());
    if (known == null) {
      known = store.open(run, warning);
      runs.put(run.key(), known);
    }
    return known;
  }

  @Override
  public synchronized void deliver(RunStart run, Deque<Item> items, Duration limit) {
    FileStoreRun to = opened(run);
    if (!items.isEmpty()) {
      to.deliver(items);
    }
  }

  @Override
  public synchronized ReportedSteps reported(RunStart run) {
    return opened(run).reported();
  }

  @Override
  public synchronized long setAside() {
    return runs.values().stream().mapToLong(FileStoreRun::setAside).sum();
  }

  @Override
  public synchronized void close() {
    HdlException failure = null;
    for (FileStoreRun run : runs.values()) {
      try {
        run.close();
      } catch (HdlException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    runs.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
