package io.hdl.train.parallel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The instructions of this machine's processors, as Linux lists them in {@code /proc/cpuinfo}.
 *
 * @param names such as {@code amx_bf16}; none where they are not known
 */
record ProcessorFlags(Set<String> names) {
  private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

  ProcessorFlags {
    names = Set.copyOf(names);
  }

  static ProcessorFlags here() {
    return read(Path.of("/proc/cpuinfo"));
  }

  /** What a file says of the first processor; nothing if it cannot be read. */
  static ProcessorFlags read(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
      return new ProcessorFlags(
          lines
              .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
              .findFirst()
              .map(
                  line ->
                      Set.copyOf(
                          Arrays.asList(
                              line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
              .orElse(Set.of()));
    } catch (IOException e) {
      return new ProcessorFlags(Set.of());
    }
  }

  /**
   * Why products of bfloat16 numbers would be slower than those of float32 ones, if it is known.
   */
  Optional<String> withoutBfloat16() {
    if (names.isEmpty() || names.stream().anyMatch(BFLOAT16::contains)) {
      return Optional.empty();
    }
    return Optional.of(
        " (expected: a processor with avx512_bf16 or amx_bf16, this one would be slower than with"
            + " float32; choose other devices or FLOAT32)");
  }
}
