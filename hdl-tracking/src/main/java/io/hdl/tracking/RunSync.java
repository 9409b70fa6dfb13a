package io.hdl.tracking;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.filestore.FileStore;
import io.hdl.tracking.outbox.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Delivers to MLflow servers what runs left on this machine: outboxes of jobs whose server was
 * away, and runs that were tracked in a directory.
 *
 * <pre>{@code
 * RunSync.Report report = RunSync.below(Path.of("/raid/hdl-home")).run();
 * RunSync.below(Path.of("/raid/hdl-home/mlruns")).to(Mlflow.at("https://mlflow.example.com")).run();
 * }</pre>
 *
 * <p>Done twice, the second time delivers nothing. Immutable and thread-safe.
 */
public final class RunSync {
  private static final String RUNS = "mlruns";

  private final Path directory;
  private final Optional<Mlflow> target;
  private final Consumer<Progress> progress;

  private RunSync(Path directory, Optional<Mlflow> target, Consumer<Progress> progress) {
    this.directory = directory;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Of a home directory, a job's or a run's folder, an outbox, or a directory of runs ({@code
   * mlruns}). Reads nothing yet.
   */
  public static RunSync below(Path directory) {
    return new RunSync(directory.toAbsolutePath().normalize(), Optional.empty(), at -> {});
  }

  /**
   * To this server, and not to the one that an outbox is for. A directory of runs is for none: its
   * runs are delivered only with a server named here.
   */
  public RunSync to(Mlflow server) {
    return new RunSync(directory, Optional.of(server), progress);
  }

  /** Tells how it goes, now and then, on the calling thread. */
  public RunSync progress(Consumer<Progress> listener) {
    return new RunSync(directory, target, listener);
  }

  /**
   * How it goes.
   *
   * @param run what is being delivered
   * @param left items that are left of it, as far as that is known
   */
  public record Progress(String run, long left) {}

  /**
   * What became of a run.
   *
   * @param run job and run, or name and id
   * @param folder where its items lie
   * @param server where they go to; empty if that is not known
   * @param delivered items that arrived now
   * @param outstanding items that did not
   * @param reason why not
   * @param warnings what the server refused for good, or keeps otherwise
   */
  public record Entry(
      String run,
      Path folder,
      Optional<String> server,
      long delivered,
      long outstanding,
      Optional<String> reason,
      List<String> warnings) {
    /** Copies the warnings. */
    public Entry {
      warnings = List.copyOf(warnings);
    }

    /** Whether everything of it is where it belongs. */
    public boolean isComplete() {
      return outstanding == 0 && reason.isEmpty();
    }
  }

  /** What became of all. */
  public record Report(List<Entry> entries) {
    /** Copies the entries. */
    public Report {
      entries = List.copyOf(entries);
    }

    /** Whether everything is where it belongs. */
    public boolean isComplete() {
      return entries.stream().allMatch(Entry::isComplete);
    }
  }

  /**
   * Delivers. A server that does not answer is left alone after the first try: what is for it stays
   * where it is. So does what a job has open that runs at the moment.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such directory, with
   *     {@link ErrorCode#INVALID_SETTINGS} if the target is no server
   */
  public Report run() {
    if (!Files.isDirectory(directory)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot deliver runs of %s: there is no such directory. Name hdl's home directory, a run's folder, or a directory of runs."
              .formatted(directory));
    }
    Optional<TrackingServer> named = target.map(Mlflow::requireServer);
    Map<String, String> away = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Leftovers.InUse busy : Leftovers.inUseBelow(directory)) {
      entries.add(inUse(busy));
    }
    for (Leftovers.Leftover leftover : Leftovers.below(directory)) {
      entries.add(outbox(leftover, named, away));
    }
    for (Path store : stores()) {
      if (named.isPresent()) {
        try (StoreDelivery delivery = new StoreDelivery(FileStore.at(store), named.get())) {
          delivery.run(progress, away, entries::add);
        }
      } else {
        entries.addAll(StoreDelivery.withoutServer(FileStore.at(store)));
      }
    }
    return new Report(entries);
  }

  private static Entry inUse(Leftovers.InUse busy) {
    return new Entry(
        LeftBehind.name(busy.folder()).orElseGet(busy.folder()::toString),
        busy.folder(),
        LeftBehind.server(busy.folder()),
        0,
        busy.items(),
        Optional.of("In use by %s, which delivers it itself.".formatted(busy.holder())),
        List.of());
  }

  private Entry outbox(
      Leftovers.Leftover leftover, Optional<TrackingServer> named, Map<String, String> away) {
    Path folder = leftover.folder();
    String run =
        LeftBehind.name(folder)
            .or(() -> leftover.main().map(start -> start.experiment() + "/" + start.name()))
            .orElseGet(folder::toString);
    Optional<TrackingServer> server;
    try {
      server = named.or(() -> LeftBehind.server(folder).map(RunSync::server));
    } catch (HdlException e) {
      return left(run, leftover, Optional.empty(), String.valueOf(e.getMessage()));
    }
    if (server.isEmpty()) {
      return left(
          run,
          leftover,
          Optional.empty(),
          "No run.json beside it says which server it is for. Name one.");
    }
    String address = server.get().toString();
    if (away.containsKey(address)) {
      return left(run, leftover, Optional.of(address), away.get(address));
    }
    try {
      OutboxDelivery.Delivered delivered =
          OutboxDelivery.deliver(
              folder,
              server.get(),
              new CountDownLatch(1),
              state -> progress.accept(new Progress(run, state.items())));
      delivered.reason().ifPresent(why -> away.put(address, why));
      return new Entry(
          run,
          folder,
          Optional.of(address),
          Math.max(0, leftover.items() - delivered.outstanding()),
          delivered.outstanding(),
          delivered.reason(),
          delivered.warnings());
    } catch (HdlException e) {
      return left(run, leftover, Optional.of(address), String.valueOf(e.getMessage()));
    }
  }

  /** The server with an address; who is there, the environment says. */
  private static TrackingServer server(String address) {
    Mlflow here = Mlflow.fromEnvironment();
    return address.equals(here.settings().get("mlflow.uri"))
        ? here.requireServer() // a workspace is signed in to otherwise than a plain server
        : Mlflow.at(address).requireServer();
  }

  private static Entry left(
      String run, Leftovers.Leftover leftover, Optional<String> server, String why) {
    return new Entry(
        run, leftover.folder(), server, 0, leftover.items(), Optional.of(why), List.of());
  }

  /** The directory itself, and what a home directory calls its runs. */
  private Set<Path> stores() {
    Set<Path> stores = new LinkedHashSet<>();
    for (Path place : List.of(directory, directory.resolve(RUNS))) {
      if (FileStore.isAt(place)) {
        stores.add(place);
      }
    }
    return stores;
  }
}
