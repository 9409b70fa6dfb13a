package io.hdl.data.hostile;

import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Damages the files of a log: commits, checkpoints, deletion vectors, checksums, the hint. */
final class LogTarget implements FuzzTarget {
  private record Base(Path table, List<Path> files, CanonicalRows.Sums rows) {}

  private final List<Base> bases = new ArrayList<>();
  private Base current;
  private Path damagedFile = Path.of("");
  private byte[] whole = new byte[0];

  LogTarget(Path folder) throws IOException {
    add(LogBase.classic(folder.resolve("classic")), 36);
    add(LogBase.modern(folder.resolve("modern")), 31);
    current = bases.get(0);
  }

  private void add(Path table, int rows) throws IOException {
    CanonicalRows.Sums sums =
        CanonicalRows.read(TableSnapshot.open(table, TableVersion.latest()), 1);
    if (sums.rows() != rows) {
      throw new IllegalStateException(table + ": " + sums.rows() + " rows instead of " + rows);
    }
    try (Stream<Path> all = Files.walk(table)) {
      bases.add(
          new Base(
              table,
              all.filter(Files::isRegularFile)
                  .filter(file -> !String.valueOf(file.getFileName()).startsWith("part-"))
                  .filter(file -> rows == 31 || !file.toString().endsWith(".bin"))
                  .sorted()
                  .toList(),
              sums));
    }
  }

  @Override
  public FuzzCase damage(Random random) throws IOException {
    if (whole.length > 0) {
      Files.write(damagedFile, whole);
    }
    current = bases.get(random.nextInt(bases.size()));
    damagedFile = current.files.get(random.nextInt(current.files.size()));
    if (damagedFile.endsWith("_last_checkpoint") && random.nextInt(20) != 0) {
      // The log libraries wait for seconds before they give one up.
      damagedFile = current.files.get(0);
    }
    whole = Files.readAllBytes(damagedFile);
    String name = String.valueOf(damagedFile.getFileName());
    FuzzCase done;
    if (name.endsWith(".parquet")) {
      done = checkpoint(random);
    } else if (name.endsWith(".bin")) {
      byte[] bytes = bytes(random);
      Files.write(damagedFile, bytes);
      done = new FuzzCase("deletion vector", FuzzCase.Rule.RIGHT_OR_REFUSED);
    } else {
      byte[] bytes = random.nextBoolean() ? bytes(random) : text(random);
      Files.write(damagedFile, bytes);
      // Nothing is taken from the hint and the checksum but help.
      boolean help = name.equals("_last_checkpoint") || name.endsWith(".crc");
      boolean another = !help && isAnother(whole, bytes);
      done =
          new FuzzCase(
              "text",
              another ? FuzzCase.Rule.ANY_TABLE_OR_REFUSED : FuzzCase.Rule.RIGHT_OR_REFUSED);
    }
    return new FuzzCase(
        current.table.getFileName() + ", " + name + ", " + done.what(), done.rule());
  }

  private byte[] bytes(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> ByteMutation.truncated(whole, random);
      case 1 -> ByteMutation.spliced(whole, random);
      default -> ByteMutation.inPlace(whole, 0, whole.length, random);
    };
  }

  private FuzzCase checkpoint(Random random) throws IOException {
    ParquetParts parts = ParquetParts.of(whole);
    List<ParquetParts.Page> pages = parts.pages();
    ParquetParts.Page page = pages.get(random.nextInt(pages.size()));
    byte[] damaged;
    FuzzCase done;
    switch (random.nextInt(6)) {
      case 0 -> {
        damaged = ByteMutation.truncated(whole, random);
        done = new FuzzCase("cut to " + damaged.length, FuzzCase.Rule.RIGHT_OR_REFUSED);
      }
      case 1 -> {
        int from = page.bodyOffset;
        damaged = ByteMutation.inPlace(whole, from, from + page.body.length, random);
        done = new FuzzCase("bytes of the page at " + from, FuzzCase.Rule.RIGHT_OR_REFUSED);
      }
      case 2 -> {
        damaged = bytes(random);
        done = new FuzzCase("bytes anywhere", FuzzCase.Rule.ANY_TABLE_OR_REFUSED);
      }
      case 3 -> {
        page.body = ByteMutation.inPlace(page.body, 0, page.body.length, random);
        page.seal();
        damaged = parts.assemble();
        done =
            new FuzzCase("sealed page at " + page.bodyOffset, FuzzCase.Rule.ANY_TABLE_OR_REFUSED);
      }
      case 4 -> {
        String what = ThriftMutation.apply(page.header, random);
        damaged = parts.assemble();
        done = new FuzzCase("header: " + what, FuzzCase.Rule.ANY_TABLE_OR_REFUSED);
      }
      default -> {
        String what = ThriftMutation.apply(parts.footer, random);
        damaged = ParquetParts.withFooter(Arrays.copyOf(whole, parts.footerOffset), parts.footer);
        done = new FuzzCase("footer: " + what, FuzzCase.Rule.ANY_TABLE_OR_REFUSED);
      }
    }
    Files.write(damagedFile, damaged);
    return done;
  }

  /** Lines gone, twice or in another order; digits, words and brackets changed. */
  private byte[] text(Random random) {
    String text = new String(whole, StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(text.lines().toList());
    int at = random.nextInt(lines.size());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(lines.get(at));
      case 2 -> lines.add(random.nextInt(lines.size()), lines.remove(at));
      case 3 -> lines.set(at, number(lines.get(at), random));
      case 4 -> lines.set(at, swapped(lines.get(at), random));
      default -> lines.add(at, "[".repeat(1 + random.nextInt(20_000)));
    }
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String number(String line, Random random) {
    String[] numbers = {
      "-1",
      "0",
      "2147483648",
      "9223372036854775808",
      "1e99",
      "null",
      "true",
      "\"x\"",
      "{}",
      "[]",
      "9".repeat(5000)
    };
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < line.length(); i++) {
      if (Character.isDigit(line.charAt(i)) && !Character.isDigit(line.charAt(i - 1))) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return line;
    }
    int from = places.get(random.nextInt(places.size()));
    int to = from;
    while (to < line.length() && Character.isDigit(line.charAt(to))) {
      to++;
    }
    return line.substring(0, from) + numbers[random.nextInt(numbers.length)] + line.substring(to);
  }

  private static String swapped(String line, Random random) {
    String[] parts = line.split("(?<=[,:{}])", -1);
    int a = random.nextInt(parts.length);
    int b = random.nextInt(parts.length);
    String kept = parts[a];
    parts[a] = parts[b];
    parts[b] = kept;
    return String.join("", parts);
  }

  /** Whether damaged text still is a log's, and says something else. */
  private static boolean isAnother(byte[] before, byte[] after) {
    try {
      return !parsed(before).equals(parsed(after));
    } catch (HdlException e) {
      return false;
    }
  }

  private static List<Map<String, Object>> parsed(byte[] text) {
    List<Map<String, Object>> actions = new ArrayList<>();
    new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> actions.add(Json.readObject(line, "line")));
    return actions;
  }

  @Override
  public CanonicalRows.Sums read() {
    return CanonicalRows.read(TableSnapshot.open(current.table, TableVersion.latest()), 1);
  }

  @Override
  public CanonicalRows.Sums expected() {
    return current.rows;
  }
}
