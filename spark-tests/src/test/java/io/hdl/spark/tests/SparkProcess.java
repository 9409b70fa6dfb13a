package io.hdl.spark.tests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the writer, with Spark's class path and not this one's, to its end. */
final class SparkProcess {
  private static final String[] OPENED = {
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.io",
    "java.net",
    "java.nio",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "sun.nio.ch",
    "sun.nio.cs",
    "sun.security.action",
    "sun.util.calendar"
  };

  private SparkProcess() {}

  /** Writes tables into a folder and gives what the writer printed. */
  static String write(Path folder, long seed, int count, Duration limit)
      throws IOException, InterruptedException {
    Path writer = Path.of(System.getProperty("hdl.spark.writer", "writer/target"));
    Path classPath = writer.resolve("spark.classpath");
    if (!Files.exists(classPath)) {
      throw new IllegalStateException(
          classPath + " is missing: build with mvn verify -Pspark, which resolves it");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short runs: what the second compiler would gain, it takes.
    command.addAll(
        List.of(
            "-Xmx1500m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    for (String opened : OPENED) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(
        writer.resolve("classes") + File.pathSeparator + Files.readString(classPath).strip());
    command.add("io.hdl.spark.SparkWriter");
    command.addAll(List.of(folder.toString(), Long.toString(seed), Integer.toString(count)));
    Path output = Files.createTempFile("spark-writer", ".out");
    Path errors = Files.createTempFile("spark-writer", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "Spark did not end within " + limit + ":\n" + Files.readString(output));
        }
        if (process.exitValue() != 0) {
          throw new IllegalStateException(
              "Spark ended with "
                  + process.exitValue()
                  + ":\n"
                  + Files.readString(output)
                  + Files.readString(errors));
        }
      } finally {
        process.destroyForcibly();
      }
      return Files.readString(output);
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(errors);
    }
  }
}
