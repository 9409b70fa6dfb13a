package io.hdl.data.delta;

import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The reader features that a table's log asks for, read from the commits themselves, for messages:
 * a protocol that Delta Kernel refuses it does not hand out.
 */
final class ProtocolFeatures {
  private ProtocolFeatures() {}

  /** What the newest commit with a protocol asks for; empty where there is none to be read. */
  static List<String> newest(LogFolder log) {
    List<Long> commits = log.commits();
    for (int i = commits.size() - 1; i >= 0; i--) {
      try (Stream<String> lines = Files.lines(log.commit(commits.get(i)))) {
        Optional<String> protocol =
            lines.filter(line -> line.startsWith("{\"protocol\"")).findFirst();
        if (protocol.isPresent()) {
          return readerFeatures(Json.readObject(protocol.get(), "the commit " + commits.get(i)));
        }
      } catch (IOException | UncheckedIOException | HdlException e) {
        return List.of();
      }
    }
    return List.of();
  }

  private static List<String> readerFeatures(Map<String, Object> line) {
    return line.get("protocol") instanceof Map<?, ?> protocol
            && protocol.get("readerFeatures") instanceof List<?> features
        ? features.stream().map(String::valueOf).sorted().toList()
        : List.of();
  }
}
