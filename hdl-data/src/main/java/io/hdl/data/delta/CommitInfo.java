package io.hdl.data.delta;

import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a commit says of itself (Delta protocol, "Commit Provenance Information"). All of it is
 * optional there, so whatever is missing or malformed is simply not known.
 *
 * @param inCommitTimestamp when it was committed, where the table keeps that in its commits
 * @param operation what was done: {@code WRITE}, {@code DELETE}, {@code OPTIMIZE}
 * @param parameters how it was done
 * @param metrics what came of it
 */
record CommitInfo(
    Optional<Instant> inCommitTimestamp,
    Optional<String> operation,
    Map<String, String> parameters,
    Map<String, String> metrics) {
  private static final CommitInfo NONE =
      new CommitInfo(Optional.empty(), Optional.empty(), Map.of(), Map.of());

  // It is the first action wherever readers depend on it; elsewhere writers put it first or last.
  private static final String START = "{\"commitInfo\"";

  /**
   * Reads a commit up to its information.
   *
   * @throws UncheckedIOException if it cannot be read; {@code NoSuchFileException} within, if it is
   *     gone
   */
  static CommitInfo read(Path commit) {
    try (BufferedReader lines = Files.newBufferedReader(commit)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(START)) {
          return parse(line, commit);
        }
      }
      return NONE;
    } catch (CharacterCodingException e) {
      return NONE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CommitInfo parse(String line, Path commit) {
    try {
      if (!(Json.readObject(line, commit.toString()).get("commitInfo") instanceof Map<?, ?> info)) {
        return NONE;
      }
      return new CommitInfo(
          info.get("inCommitTimestamp") instanceof Number millis
              ? Optional.of(Instant.ofEpochMilli(millis.longValue()))
              : Optional.empty(),
          info.get("operation") instanceof String operation
              ? Optional.of(operation)
              : Optional.empty(),
          texts(info.get("operationParameters")),
          texts(info.get("operationMetrics")));
    } catch (HdlException e) {
      return NONE;
    }
  }

  private static Map<String, String> texts(@Nullable Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, text) -> {
            if (text != null) {
              texts.put(
                  String.valueOf(name), text instanceof String plain ? plain : Json.write(text));
            }
          });
    }
    return texts;
  }
}
