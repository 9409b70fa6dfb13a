package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;

import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Disks that are full, go away, come back or cannot be written, in a process with mounts of its
 * own. Says {@code done} if all went as it should.
 */
public final class FailingDisks {
  private static final int SIZE = 200_000;

  private final Path root;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();
  private final CacheSpaceTest.Ticking clock = new CacheSpaceTest.Ticking();

  private FailingDisks(Path root) {
    this.root = root;
  }

  /** {@code WHAT ROOT}: one of the methods below, in an empty folder. */
  public static void main(String[] args) throws Exception {
    FailingDisks disks = new FailingDisks(Path.of(args[1]));
    switch (args[0]) {
      case "full" -> disks.full();
      case "vanishing" -> disks.vanishing();
      case "readOnly" -> disks.readOnly();
      case "readOnlyFromTheStart" -> disks.readOnlyFromTheStart();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("done");
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    expect(process.waitFor() == 0, "cannot " + String.join(" ", command));
  }

  private Path disk(String name) throws IOException, InterruptedException {
    Path disk = Files.createDirectories(root.resolve(name));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    return disk;
  }

  private LakeCache open(CacheTiers tiers) throws IOException {
    Path temporary = Files.createDirectories(root.resolve("tmp"));
    return LakeCache.open(tiers, lake, heard, clock, temporary);
  }

  private void expect(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what + "; warnings: " + heard.warnings);
    }
  }

  private static RemoteFile file(int number) {
    return MadeUpLake.file("f" + number, SIZE + number);
  }

  private Tier read(LakeCache cache, int number) throws IOException {
    RemoteFile file = file(number);
    try (HeldFile held = cache.hold(file, GO_ON)) {
      expect(
          Arrays.equals(Files.readAllBytes(held.path()), MadeUpLake.content(file)),
          "wrong bytes in " + held.tier());
      return held.tier();
    }
  }

  /** Both tiers are smaller than their quotas say, and something else takes their room. */
  private void full() throws Exception {
    Path hot = disk("hot");
    Path warm = disk("warm");
    CacheTiers tiers =
        CacheTiers.hot(hot, CacheTiers.gib(1)).warm(warm, CacheTiers.gib(1)).keepFree(0);
    try (LakeCache cache = open(tiers)) {
      for (int i = 0; i < 20; i++) {
        read(cache, i);
      }
      expect(cache.statistics().of(Tier.HOT).evictions() > 0, "nothing was removed");
      List<HeldFile> held = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        held.add(cache.hold(file(i), GO_ON));
      }
      held.forEach(HeldFile::close);
      // The room goes while files are written: what is promised is not there.
      int[] others = new int[1];
      lake.whileFetching(() -> fill(hot, warm, others[0]++));
      for (int i = 20; i < 30; i++) {
        read(cache, i);
        delete(hot.resolve("other"));
        delete(warm.resolve("other"));
      }
      lake.whileFetching(GO_ON);
      for (int i = 0; i < 30; i++) {
        read(cache, i);
      }
      expect(cache.statistics().of(Tier.HOT).failures() == 0, "a full tier was given up");
    }
    expect(heard.warnings.size() <= 4, "too many warnings");
    expect(heard.warnings.stream().anyMatch(text -> text.contains("its disk is full")), "untold");
    expect(countTemporaries(hot) + countTemporaries(warm) == 0, "unfinished files are left");
  }

  private static void fill(Path hot, Path warm, int number) {
    for (Path disk : List.of(hot, warm)) {
      try {
        // Leaves less than half a file.
        long free = disk.toFile().getUsableSpace() - SIZE / 4;
        Files.write(disk.resolve("other"), new byte[(int) Math.max(0, free)]);
      } catch (IOException e) {
        throw new AssertionError("number " + number, e);
      }
    }
  }

  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private static long countTemporaries(Path disk) throws IOException {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.filter(each -> each.getFileName().toString().startsWith(".hdl-")).count();
    }
  }

  /** A mounted tier goes away in mid-run, and comes back. */
  private void vanishing() throws Exception {
    Path real = disk("real");
    Path warm = Files.createDirectories(root.resolve("warm"));
    run("mount", "--bind", real.toString(), warm.toString());
    CacheTiers tiers = CacheTiers.warmOnly(warm, CacheTiers.gib(1)).keepFree(0);
    try (LakeCache cache = open(tiers)) {
      expect(read(cache, 0) == Tier.WARM, "the tier is not used");
      HeldFile held = cache.hold(file(0), GO_ON);
      run("umount", "-l", warm.toString());
      expect(read(cache, 0) == Tier.SCRATCH, "read from nowhere");
      expect(read(cache, 1) == Tier.SCRATCH, "read from nowhere");
      expect(heard.warnings.size() == 1, "told more than once, or not at all");
      expect(heard.warnings.get(0).contains("The warm tier " + warm + " cannot be used"), "text");
      clock.pass(Duration.ofMinutes(5));
      expect(read(cache, 1) == Tier.SCRATCH, "the disk below the mount is used");
      expect(isEmpty(warm), "the disk below the mount is written to");
      run("mount", "--bind", real.toString(), warm.toString());
      clock.pass(Duration.ofMinutes(5));
      expect(read(cache, 1) == Tier.WARM, "not used again");
      expect(heard.notices.size() == 1, "the return is not told once");
      int before = lake.fetches().size();
      expect(read(cache, 0) == Tier.WARM, "not used again");
      expect(lake.fetches().size() == before, "what it had was fetched anew");
      held.close();
    }
    expect(heard.warnings.size() == 1, "too many warnings");
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.findAny().isEmpty();
    }
  }

  /** A tier becomes read-only in mid-run. */
  private void readOnly() throws Exception {
    Path hot = disk("hot");
    Path warm = Files.createDirectories(root.resolve("warm"));
    CacheTiers tiers =
        CacheTiers.hot(hot, CacheTiers.gib(1)).warm(warm, CacheTiers.gib(1)).keepFree(0);
    try (LakeCache cache = open(tiers)) {
      expect(read(cache, 0) == Tier.HOT, "the tier is not used");
      lake.whileFetching(
          () -> {
            lake.whileFetching(GO_ON);
            makeReadOnly();
          });
      Tier during = read(cache, 1);
      expect(during == Tier.WARM, "in the middle of a fetch: " + during);
      expect(read(cache, 1) == Tier.WARM, "the next tier is not used");
      expect(heard.warnings.size() == 1, "told more than once, or not at all");
      expect(heard.warnings.get(0).contains("the file system is read-only"), "text");
      run("umount", hot.toString());
      clock.pass(Duration.ofMinutes(5));
      expect(read(cache, 2) == Tier.HOT, "not used again");
    }
  }

  /** Mounts the disk over itself, as one that is in use cannot be made read-only. */
  private void makeReadOnly() {
    String hot = root.resolve("hot").toString();
    try {
      run("mount", "--bind", hot, hot);
      run("mount", "-o", "remount,bind,ro", hot);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void readOnlyFromTheStart() throws Exception {
    Path hot = disk("hot");
    makeReadOnly();
    try (LakeCache cache = open(CacheTiers.hot(hot, CacheTiers.gib(1)).keepFree(0))) {
      expect(read(cache, 0) == Tier.SCRATCH, "read from nowhere");
      expect(read(cache, 0) == Tier.SCRATCH, "read from nowhere");
      expect(heard.warnings.size() == 1, "told more than once, or not at all");
    }
  }
}
