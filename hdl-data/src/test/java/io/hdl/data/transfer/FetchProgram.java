package io.hdl.data.transfer;

import io.hdl.core.retry.RetryPolicy;
import io.hdl.data.storage.HttpRanges;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** Fetches a file in a process of its own, which says when it begins, and may be killed. */
final class FetchProgram {
  static final int RANGE = 1 << 16;

  private FetchProgram() {}

  /** {@code ADDRESS SIZE PARTIAL}. */
  public static void main(String[] args) {
    try (HttpRanges ranges =
            HttpRanges.builder((method, target, headers) -> Map.of("Authorization", "Bearer x"))
                .build();
        Fetcher fetcher = Fetcher.of(ranges, FetchSettings.defaults().ranges(RANGE, 4))) {
      System.out.println("begins");
      RemoteFile file = RemoteFile.of(URI.create(args[0]), Long.parseLong(args[1]));
      fetcher.fetch(file, Path.of(args[2]), () -> {});
    }
  }

  static Process start(RemoteFile file, Path partial) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What starts a small JVM soonest.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of("-cp", classPath()));
    command.add(FetchProgram.class.getName());
    command.addAll(List.of(file.uri().toString(), "" + file.size(), partial.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Only what a fetch needs: a short class path starts sooner. */
  private static String classPath() {
    return Stream.of(FetchProgram.class, Fetcher.class, RetryPolicy.class, Logger.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
