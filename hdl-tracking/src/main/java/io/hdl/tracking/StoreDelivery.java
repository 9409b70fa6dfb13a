package io.hdl.tracking;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.filestore.FileStore;
import io.hdl.tracking.filestore.KeptRun;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Delivers the runs of a directory to a server. The directory is the log: a file {@value #MARK} in
 * a run's folder says which server has got it, as long as nothing in the folder changes.
 */
final class StoreDelivery implements AutoCloseable {
  private static final String MARK = ".hdl-delivered";
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MOST_AT_ONCE = 20_000;

  private final FileStore store;
  private final TrackingServer server;
  private final List<String> warnings = new ArrayList<>();
  private final ServerDestination destination;

  StoreDelivery(FileStore store, TrackingServer server) {
    this.store = store;
    this.server = server;
    this.destination = ServerDestination.of(server, warnings::add);
  }

  /** What is said of the runs of a directory that have nowhere to go. */
  static List<RunSync.Entry> withoutServer(FileStore store) {
    return store.runs().stream()
        .map(
            run ->
                new RunSync.Entry(
                    name(run),
                    run.folder(),
                    Optional.empty(),
                    0,
                    0,
                    Optional.of("A directory of runs is for no server. Name one."),
                    List.of()))
        .toList();
  }

  void run(
      Consumer<RunSync.Progress> progress,
      Map<String, String> away,
      Consumer<RunSync.Entry> entries) {
    Set<String> missing = new HashSet<>();
    for (KeptRun run : store.runs()) {
      String print = print(run.folder());
      if (print.equals(delivered(run.folder()).get(server.toString()))) {
        continue;
      }
      Optional<String> obstacle =
          Optional.ofNullable(away.get(server.toString()))
              .or(
                  () ->
                      run.start()
                          .parentKey()
                          .filter(missing::contains)
                          .map(parent -> "The run that it is a part of is not there."));
      RunSync.Entry entry =
          obstacle.isPresent()
              ? entry(run, 0, run.items().size(), obstacle)
              : deliver(run, print, progress, away);
      entries.accept(entry);
      if (!entry.isComplete()) {
        missing.add(run.start().key());
      }
    }
  }

  private RunSync.Entry deliver(
      KeptRun run, String print, Consumer<RunSync.Progress> progress, Map<String, String> away) {
    warnings.clear();
    List<Item> items = run.items();
    long arrived = 0;
    try {
      Deque<Item> waiting = new ArrayDeque<>();
      for (Item item : items) {
        waiting.add(item);
        if (waiting.size() == MOST_AT_ONCE) {
          arrived += deliver(run, waiting, items.size() - arrived, progress);
        }
      }
      arrived += deliver(run, waiting, items.size() - arrived, progress);
      mark(run.folder(), print);
      return entry(run, arrived, 0, Optional.empty());
    } catch (HdlException e) {
      if (e.retryable()) {
        away.put(server.toString(), String.valueOf(e.getMessage()));
      }
      return entry(
          run, arrived, items.size() - arrived, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private long deliver(
      KeptRun run, Deque<Item> waiting, long left, Consumer<RunSync.Progress> progress) {
    long before = waiting.size();
    do {
      destination.deliver(run.start(), waiting, LIMIT);
      progress.accept(new RunSync.Progress(name(run), left - (before - waiting.size())));
    } while (!waiting.isEmpty());
    return before;
  }

  private RunSync.Entry entry(
      KeptRun run, long arrived, long outstanding, Optional<String> reason) {
    return new RunSync.Entry(
        name(run),
        run.folder(),
        Optional.of(server.toString()),
        arrived,
        outstanding,
        reason,
        warnings);
  }

  private static String name(KeptRun run) {
    return run.start().experiment() + "/" + run.start().name();
  }

  /** What tells two states of a folder apart: names, sizes and times of its files. */
  private static String print(Path folder) {
    Hasher hasher = Hashing.sha256().newHasher();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.endsWith(MARK)) {
          hasher
              .putString(folder.relativize(file).toString(), StandardCharsets.UTF_8)
              .putLong(Files.size(file))
              .putLong(Files.getLastModifiedTime(file).toMillis());
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("read the run in", folder, e);
    }
    return hasher.hash().toString();
  }

  /** One line for each server: what the folder was like, and the server's address. */
  private static Map<String, String> delivered(Path folder) {
    Path mark = folder.resolve(MARK);
    Map<String, String> delivered = new LinkedHashMap<>();
    try {
      if (Files.isRegularFile(mark)) {
        for (String line : Files.readAllLines(mark)) {
          int blank = line.indexOf(' ');
          if (blank > 0) {
            delivered.put(line.substring(blank + 1), line.substring(0, blank));
          }
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("read", mark, e);
    }
    return delivered;
  }

  private void mark(Path folder, String print) {
    Map<String, String> delivered = delivered(folder);
    delivered.put(server.toString(), print);
    StringBuilder lines = new StringBuilder();
    delivered.forEach((address, was) -> lines.append(was).append(' ').append(address).append('\n'));
    AtomicPublish.text(folder.resolve(MARK), lines.toString());
  }

  @Override
  public void close() {
    destination.close();
  }
}
