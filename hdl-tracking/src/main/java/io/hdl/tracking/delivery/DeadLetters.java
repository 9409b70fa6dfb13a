package io.hdl.tracking.delivery;

import io.hdl.core.json.Json;
import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps items that a server refused for good, each with the reason: a line of JSON in a file. The
 * file appears with the first of them. Thread-safe.
 */
public final class DeadLetters {
  /** What the file is called in the folder of an outbox. */
  public static final String NAME = "dead-letters.jsonl";

  private final Optional<Path> file;
  private final Clock clock;

  private DeadLetters(Optional<Path> file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** In the folder of an outbox. */
  public static DeadLetters in(Path folder, Clock clock) {
    return new DeadLetters(Optional.of(folder.resolve(NAME)), clock);
  }

  /** Kept nowhere. */
  public static DeadLetters none() {
    return new DeadLetters(Optional.empty(), Clock.systemUTC());
  }

  /**
   * Keeps an item.
   *
   * @param why what the server said
   * @return where it is kept, for messages; empty if nowhere
   * @throws io.hdl.core.error.HdlException if the file cannot be written
   */
  synchronized Optional<Path> add(RunStart run, Item item, String why) {
    if (file.isEmpty()) {
      return file;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant());
    line.put("run", run.name());
    line.put("key", run.key());
    line.put("kind", item.getClass().getSimpleName());
    line.put("item", item);
    line.put("why", why);
    try {
      Files.writeString(
          file.get(),
          Json.write(line) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw FileFailure.of("write refused items to", file.get(), e);
    }
    return file;
  }
}
