package io.hdl.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir Path home;
  private RunDirectory run;

  @BeforeEach
  void createRun() throws Exception {
    run = new RunDirectory(home, "job", "run-1");
    Files.createDirectories(run.root());
  }

  /** Another process that tries to hold the run. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      RunDirectory run = new RunDirectory(Path.of(arguments[0]), "job", "run-1");
      System.out.print(RunLock.tryAcquire(run).isPresent() ? "got it" : "in use");
    }
  }

  private String other() {
    ChildJvm.Result result = ChildJvm.run(Other.class, Map.of(), home.toString());
    return result.out() + result.err();
  }

  @Test
  void keepsOtherProcessesAwayAlsoAfterThisOneAskedAgain() throws Exception {
    try (RunLock lock = RunLock.tryAcquire(run).orElseThrow()) {
      Path link = Files.createSymbolicLink(home.resolveSibling(home.getFileName() + "-l"), home);
      try {
        assertThat(RunLock.tryAcquire(run)).isEmpty();
        assertThat(RunLock.tryAcquire(new RunDirectory(link, "job", "run-1"))).isEmpty();
      } finally {
        Files.delete(link);
      }
      assertThat(other()).isEqualTo("in use");
      assertThat(lock).isNotNull();
    }
    assertThat(other()).isEqualTo("got it");
  }

  @Test
  void isFreeAgainOnceAndForAllWhenItIsClosed() {
    RunLock first = RunLock.tryAcquire(run).orElseThrow();
    first.close();
    Optional<RunLock> second = RunLock.tryAcquire(run);
    assertThat(second).isPresent();
    first.close();
    assertThat(RunLock.tryAcquire(run)).as("closing twice takes it from nobody").isEmpty();
    second.orElseThrow().close();
  }
}
