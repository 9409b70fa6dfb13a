package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.hostile.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

class TierFailureTest {
  private static final List<String> OWN_MOUNTS = List.of("unshare", "--mount", "--");
  private static boolean told;

  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();

  @ParameterizedTest
  @ValueSource(strings = {"full", "vanishing", "readOnly", "readOnlyFromTheStart"})
  void readsRightBytesWhateverTheDisksDo(String what) throws Exception {
    requireOwnMounts();
    Path root = Files.createDirectory(folder.resolve("root"));
    try (ChildJvm child =
        ChildJvm.start(
            folder,
            OWN_MOUNTS,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            FailingDisks.class,
            what,
            root.toString())) {
      int exit = child.join(Duration.ofMinutes(2));
      assertThat(child.output()).endsWith("done\n");
      assertThat(exit).isZero();
    }
  }

  private void requireOwnMounts() throws Exception {
    boolean allowed;
    try {
      Path probe = Files.createDirectory(folder.resolve("probe"));
      Process process =
          new ProcessBuilder(
                  "unshare", "--mount", "--", "mount", "-t", "tmpfs", "tmpfs", probe.toString())
              .redirectErrorStream(true)
              .start();
      allowed = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      allowed = false;
    }
    if (!allowed) {
      String line = "Skipped: needs mounts of its own (unshare --mount), which this user may not.";
      synchronized (TierFailureTest.class) {
        if (!told) {
          told = true;
          System.out.println(line);
        }
      }
      throw new TestAbortedException(line);
    }
  }

  @Test
  void goesOnWithoutATierWhoseFolderCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    CacheTiers tiers =
        CacheTiers.hot(file.resolve("hot"), 1 << 20).warm(folder.resolve("warm"), 1 << 20);
    try (LakeCache cache = LakeCache.open(tiers.keepFree(0), lake, heard);
        HeldFile held = cache.hold(file("a", 100), GO_ON);
        HeldFile again = cache.hold(file("b", 100), GO_ON)) {
      assertThat(held.tier()).isEqualTo(Tier.WARM);
      assertThat(again.path()).hasBinaryContent(MadeUpLake.content(file("b", 100)));
    }
    assertThat(heard.warnings)
        .singleElement()
        .asString()
        .startsWith("The hot tier " + file.resolve("hot") + " cannot be used: Cannot use ")
        .contains("is in the way: a file where a folder is needed")
        .endsWith("The work goes on without it; it is tried again every 30 s.");
  }

  @Test
  void makesItsFolderAgainWhereItWasRemoved() throws IOException {
    CacheSpaceTest.Ticking clock = new CacheSpaceTest.Ticking();
    CacheTiers tiers = CacheTiers.hot(folder.resolve("hot"), 1 << 20).keepFree(0);
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (LakeCache cache = LakeCache.open(tiers, lake, heard, clock, temporary)) {
      cache.hold(file("a", 100), GO_ON).close();
      Holder.delete(folder.resolve("hot"));
      try (HeldFile held = cache.hold(file("a", 100), GO_ON)) {
        assertThat(held.tier()).isEqualTo(Tier.SCRATCH);
        assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file("a", 100)));
      }
      clock.pass(TierPlace.PAUSE);
      try (HeldFile held = cache.hold(file("a", 100), GO_ON)) {
        assertThat(held.tier()).isEqualTo(Tier.HOT);
      }
    }
    assertThat(heard.warnings).singleElement().asString().contains("its folder has been removed");
    assertThat(heard.notices)
        .containsExactly("The hot tier " + folder.resolve("hot") + " can be used again.");
  }
}
