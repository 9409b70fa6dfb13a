package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.FileFailure;
import io.hdl.core.storage.TemporaryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one training in a folder: the last few states, {@code step-000000000120
 * .safetensors}, and apart from them the weights of the best epoch that they know of, {@code
 * best-epoch-0003.safetensors}. Each file appears whole or not at all and carries a checksum over
 * all of it. One thread at a time; one process at a time, which holds the run.
 */
public final class Checkpoints {
  private static final String STEP = "step-";
  private static final String BEST = "best-epoch-";
  private static final String SUFFIX = ".safetensors";
  private static final String DAMAGED = ".damaged";

  private static final String FORMAT = "format";
  private static final String VERSION = "1";
  private static final String PROGRESS = "progress";
  private static final String MANIFEST = "manifest";
  private static final String BEST_FILE = "best_file";
  private static final String BEST_CHECKSUM = "best_crc32c";
  private static final String WEIGHTS = "weights";
  private static final String AVERAGE = "average";
  private static final String OPTIMIZER = "optimizer.";

  private final Path folder;
  private final int keepLast;
  // Which best epoch the states that this object knows of need, and the best files' checksums.
  private final Map<Path, Integer> bestOf = new HashMap<>();
  private final Map<Integer, String> bestChecksums = new HashMap<>();

  /**
   * The checkpoints of a folder, which need not exist yet.
   *
   * @param keepLast how many states are kept, at least 1
   */
  public Checkpoints(Path folder, int keepLast) {
    this.folder = folder;
    this.keepLast = keepLast;
  }

  /**
   * What was found.
   *
   * @param state the newest state that is whole
   * @param file where it lies
   * @param damaged newer ones that could not be read, and why, newest first
   */
  public record Found(TrainingState state, Path file, List<String> damaged) {}

  /**
   * Keeps a state, and the weights of its best epoch if they are not kept yet; then removes what is
   * more than asked for. Both are on the disk when this method returns.
   *
   * @return where the state lies
   * @throws HdlException if it cannot be written; the states before stay
   */
  public Path write(TrainingState state) {
    TrainingState.Progress progress = state.progress();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT, VERSION);
    texts.put(PROGRESS, Json.write(progress));
    texts.put(MANIFEST, state.manifest());
    if (progress.bestEpoch() > 0) {
      String checksum = bestChecksums.get(progress.bestEpoch());
      if (checksum == null) {
        checksum = writeBest(state);
        bestChecksums.put(progress.bestEpoch(), checksum);
      }
      texts.put(BEST_FILE, best(progress.bestEpoch()).getFileName().toString());
      texts.put(BEST_CHECKSUM, checksum);
    }
    Map<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put(WEIGHTS, state.weights());
    if (state.average().length > 0) {
      arrays.put(AVERAGE, state.average());
    }
    state.optimizer().forEach((name, values) -> arrays.put(OPTIMIZER + name, values));
    Path file =
        folder.resolve(String.format(Locale.ROOT, "%s%012d%s", STEP, progress.step(), SUFFIX));
    CheckpointFile.write(file, arrays, texts);
    bestOf.put(file, progress.bestEpoch());
    removeOld();
    return file;
  }

  private String writeBest(TrainingState state) {
    TrainingState.Progress progress = state.progress();
    return CheckpointFile.write(
        best(progress.bestEpoch()),
        Map.of(WEIGHTS, state.bestWeights()),
        Map.of(
            "epoch",
            Integer.toString(progress.bestEpoch()),
            "validation_loss",
            Double.toString(progress.bestLoss()),
            MANIFEST,
            state.manifest()));
  }

  private Path best(int epoch) {
    return folder.resolve(String.format(Locale.ROOT, "%s%04d%s", BEST, epoch, SUFFIX));
  }

  /**
   * The newest state that is whole, if there is any. One that is damaged is set aside under a name
   * that ends with {@code .damaged}. What a crash has left half written is removed.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if there are states and all of them
   *     are damaged, or as the newest one cannot be read
   */
  public Optional<Found> read() {
    removeLeftovers();
    List<String> damaged = new ArrayList<>();
    HdlException first = null;
    for (Path file : newestFirst(STEP)) {
      try {
        return Optional.of(new Found(state(file), file, damaged));
      } catch (HdlException e) {
        first = first == null ? refused(file, e) : first;
        damaged.add(file + ": " + e.getMessage());
        if (e.code() == ErrorCode.CORRUPT_DATA) {
          setAside(file);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return Optional.empty();
  }

  private TrainingState state(Path file) {
    CheckpointFile.Content content = CheckpointFile.read(file);
    if (!content.text(FORMAT).equals(VERSION)) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "it has format " + content.text(FORMAT) + ", this release reads " + VERSION);
    }
    TrainingState.Progress progress =
        Json.read(content.text(PROGRESS), TrainingState.Progress.class, file.toString());
    Map<String, float[]> optimizer = new LinkedHashMap<>();
    content
        .arrays()
        .forEach(
            (name, values) -> {
              if (name.startsWith(OPTIMIZER)) {
                optimizer.put(name.substring(OPTIMIZER.length()), values);
              }
            });
    float[] bestWeights = new float[0];
    if (progress.bestEpoch() > 0) {
      bestWeights = bestWeights(content);
      bestChecksums.put(progress.bestEpoch(), content.text(BEST_CHECKSUM));
    }
    bestOf.put(file, progress.bestEpoch());
    return new TrainingState(
        progress,
        content.text(MANIFEST),
        content.array(WEIGHTS),
        optimizer,
        content.arrays().getOrDefault(AVERAGE, new float[0]),
        bestWeights);
  }

  /** The weights of the best epoch that a state speaks of; without them it is of no use. */
  private float[] bestWeights(CheckpointFile.Content content) {
    String name = content.text(BEST_FILE);
    try {
      CheckpointFile.Content best = CheckpointFile.read(folder.resolve(name));
      if (!best.checksum().equals(content.text(BEST_CHECKSUM))) {
        throw CheckpointFile.corrupt("it is of another state");
      }
      return best.array(WEIGHTS);
    } catch (HdlException e) {
      throw new HdlException(
          e.code() == ErrorCode.NOT_FOUND ? ErrorCode.CORRUPT_DATA : e.code(),
          "the best weights beside it, " + name + ", cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** A run that fails is not continued, so that the next one is a new run. */
  private static HdlException refused(Path file, HdlException cause) {
    return new HdlException(
        cause.code(),
        "Cannot continue from the checkpoint "
            + file
            + ", nor from one before it: "
            + cause.getMessage()
            + ". Run the job again: it begins a new run, from the start.",
        cause);
  }

  private List<Path> newestFirst(String prefix) {
    return list().stream()
        .filter(file -> name(file).startsWith(prefix) && name(file).endsWith(SUFFIX))
        .sorted(Comparator.comparing(Checkpoints::name).reversed())
        .toList();
  }

  private List<Path> list() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw FileFailure.of("list the checkpoints in", folder, e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void removeOld() {
    List<Path> states = newestFirst(STEP);
    List<Path> kept = states.subList(0, Math.min(keepLast, states.size()));
    states.subList(kept.size(), states.size()).forEach(Checkpoints::remove);
    // A state of an earlier attempt may need any of the best ones.
    if (bestOf.keySet().containsAll(kept)) {
      List<String> needed =
          kept.stream().map(file -> name(best(bestOf.getOrDefault(file, 0)))).toList();
      newestFirst(BEST).stream()
          .filter(file -> !needed.contains(name(file)))
          .forEach(Checkpoints::remove);
    }
  }

  private void removeLeftovers() {
    list().stream().filter(file -> TemporaryName.matches(name(file))).forEach(Checkpoints::remove);
  }

  private static void setAside(Path file) {
    try {
      Files.move(
          file,
          file.resolveSibling(name(file) + DAMAGED),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FileFailure.of("set aside the damaged checkpoint", file, e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw FileFailure.of("remove the old checkpoint", file, e);
    }
  }
}
