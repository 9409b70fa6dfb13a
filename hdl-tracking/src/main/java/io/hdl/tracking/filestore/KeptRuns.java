package io.hdl.tracking.filestore;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.filestore.Experiments.Experiment;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the runs of experiments. */
final class KeptRuns {
  private static final Logger LOG = LoggerFactory.getLogger(KeptRuns.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final String PARENT = "tags/mlflow.parentRunId";

  private KeptRuns() {}

  /** All runs, the oldest first, but none before its parent. */
  static List<KeptRun> in(List<Experiment> experiments) throws IOException {
    Map<String, KeptRun> found = new HashMap<>();
    for (Experiment experiment : experiments) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(experiment.folder())) {
        for (Path folder : folders) {
          read(experiment, folder).ifPresent(run -> found.put(run.start().key(), run));
        }
      }
    }
    List<KeptRun> oldestFirst = new ArrayList<>(found.values());
    oldestFirst.sort(
        Comparator.<KeptRun>comparingLong(run -> run.start().start())
            .thenComparing(run -> run.start().key()));
    Map<String, KeptRun> ordered = new LinkedHashMap<>();
    oldestFirst.forEach(run -> add(run, found, ordered));
    return List.copyOf(ordered.values());
  }

  private static void add(KeptRun run, Map<String, KeptRun> found, Map<String, KeptRun> ordered) {
    // Towards the root first; a circle, which nobody writes, ends at the run that is there.
    List<KeptRun> line = new ArrayList<>();
    Optional<KeptRun> next = Optional.of(run);
    while (next.isPresent() && !line.contains(next.get())) {
      line.add(0, next.get());
      next = next.get().start().parentKey().map(found::get);
    }
    line.forEach(each -> ordered.putIfAbsent(each.start().key(), each.withParents(found.keySet())));
  }

  private static Optional<KeptRun> read(Experiment experiment, Path folder) {
    String id = folder.getFileName().toString();
    RunMeta meta = new RunMeta(folder);
    if (!ID.matcher(id).matches() || !meta.exists()) {
      return Optional.empty();
    }
    try {
      Map<String, String> values = meta.read();
      Path parent = folder.resolve(PARENT);
      Optional<String> parentKey =
          Files.isRegularFile(parent)
              ? Optional.of(Files.readString(parent).strip()).filter(ID.asMatchPredicate())
              : Optional.empty();
      return Optional.of(
          new KeptRun(
              folder,
              new RunStart(
                  id,
                  parentKey,
                  experiment.name(),
                  values.getOrDefault("run_name", id),
                  values.getOrDefault("user_id", ""),
                  RunMeta.time(values.get("start_time"), 0)),
              RunMeta.endOf(values),
              "deleted".equals(values.get("lifecycle_stage")),
              values.getOrDefault("artifact_uri", "")));
    } catch (IOException | HdlException e) {
      LOG.warn("Passed over the run in {}: {}", folder, e.getMessage());
      return Optional.empty();
    }
  }

  /** The same start without a parent that is not among the known ones. */
  static RunStart known(RunStart start, Set<String> keys) {
    return new RunStart(
        start.key(),
        start.parentKey().filter(keys::contains),
        start.experiment(),
        start.name(),
        start.user(),
        start.start());
  }
}
