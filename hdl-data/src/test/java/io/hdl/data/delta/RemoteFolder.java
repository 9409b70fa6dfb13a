package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A folder of this machine as a table that lies elsewhere, which counts what it is asked for. */
public final class RemoteFolder implements TableFiles {
  /** What people call it; blanks and the like are encoded. */
  public static final String ADDRESS = "abfss://curated@contoso.dfs.core.windows.net/my%20sales";

  private final Path folder;
  private final List<String> opened = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentHashMap<String, AtomicInteger> held = new ConcurrentHashMap<>();
  private final AtomicInteger mostHeld = new AtomicInteger();

  /** The table in a folder. */
  public RemoteFolder(Path folder) {
    this.folder = folder;
  }

  /** Names of the files that were opened, those of the log included, as often as they were. */
  public List<String> opened() {
    return List.copyOf(opened);
  }

  /** How many files are held now. */
  public int held() {
    return held.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** How many files were held at the same time. */
  public int mostHeld() {
    return mostHeld.get();
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  @Override
  public Location location() {
    return Location.REMOTE;
  }

  @Override
  public List<LogFile> log(TableVersion wanted) {
    try (Stream<Path> files = Files.list(folder.resolve("_delta_log"))) {
      List<LogFile> found = new ArrayList<>();
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith("_")) {
          found.add(
              new LogFile(
                  name,
                  Files.size(file),
                  Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis())));
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String whyNoLog() {
    return "its folder _delta_log is missing or empty";
  }

  @Override
  public Path log(LogFile file) {
    opened.add(file.name());
    return there(folder.resolve("_delta_log").resolve(file.name()));
  }

  private static Path there(Path file) {
    if (!Files.exists(file)) {
      throw new HdlException(ErrorCode.NOT_FOUND, "Cannot read " + file + ": it is gone.");
    }
    return file;
  }

  @Override
  public void logAhead(List<LogFile> files) {}

  @Override
  public String resolve(String name) {
    return URI.create(ADDRESS + "/" + name).toString();
  }

  @Override
  public Held hold(String address, long size, Runnable checkpoint) {
    checkpoint.run();
    String name =
        URI.create(address).getPath().substring(URI.create(ADDRESS).getPath().length() + 1);
    Path file = there(folder.resolve(name));
    opened.add(name);
    AtomicInteger holds = held.computeIfAbsent(name, key -> new AtomicInteger());
    holds.incrementAndGet();
    mostHeld.accumulateAndGet(held(), Math::max);
    AtomicInteger open = new AtomicInteger(1);
    return new Held() {
      @Override
      public Path path() {
        return file;
      }

      @Override
      public void close() {
        if (open.getAndSet(0) == 1) {
          holds.decrementAndGet();
        }
      }
    };
  }

  @Override
  public Ahead ahead(List<DataFile> files) {
    return () -> {};
  }
}
