package io.hdl.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.provenance.RunProvenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final RunProvenance PROVENANCE =
      new RunProvenance(
          Optional.empty(), Map.of("a", "1"), 5, Map.of("java", "17"), Map.of("os", "Linux"));

  @TempDir Path home;

  private final AtomicInteger number = new AtomicInteger();
  private final Clock clock = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);

  private RunStore store() {
    return new RunStore(home, clock, at -> "run-" + number.incrementAndGet());
  }

  @Test
  void writesARecordThatReadsBackEqual() {
    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      run.pin("table.version", () -> "12");

      assertThat(store().runs("job")).containsExactly(run.record());
      assertThat(run.record().pins()).containsEntry("table.version", "12");
    }
  }

  @Test
  void keepsTheFirstValueOfAPin() {
    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      assertThat(run.pin("version", () -> "1")).isEqualTo("1");
      assertThat(run.pin("version", () -> "2")).isEqualTo("1");
    }
  }

  @Test
  void continuesARunThatCrashed() {
    String first;
    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      run.pin("version", () -> "1");
      first = run.record().runId();
    }

    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      assertThat(run.record().runId()).isEqualTo(first);
      assertThat(run.resumed()).isTrue();
      assertThat(run.record().attempts()).isEqualTo(2);
      assertThat(run.pin("version", () -> "2")).isEqualTo("1");
    }
  }

  @Test
  void leavesARunThatIsHeldToItsHolder() {
    try (RunHandle held = store().continueOrBegin("job", "f", PROVENANCE);
        RunHandle other = store().continueOrBegin("job", "f", PROVENANCE)) {
      assertThat(other.record().runId()).isNotEqualTo(held.record().runId());
      assertThat(other.resumed()).isFalse();
    }
  }

  @Test
  void doesNotContinueAFinishedOrFailedRun() {
    for (RunEnd end : List.of(new RunEnd.Finished(), new RunEnd.Failed("broken"))) {
      try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
        run.update((record, at) -> record.ended(end, at));
      }
    }

    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      assertThat(run.resumed()).isFalse();
    }
    assertThat(store().runs("job")).hasSize(3);
  }

  @Test
  void leavesOutARunWhoseRecordIsBroken() throws Exception {
    Path broken = Files.createDirectories(home.resolve("job").resolve("run-x"));
    Files.writeString(broken.resolve("run.json"), "{\"job\":");

    try (RunHandle run = store().continueOrBegin("job", "f", PROVENANCE)) {
      assertThat(run.resumed()).isFalse();
      assertThat(store().runs("job")).hasSize(1);
    }
  }

  @Test
  void resolvesTheHomeFromTheVariableThenTheUser() {
    assertThat(Home.resolve(Map.of("HDL_HOME", "/b"))).isEqualTo(Path.of("/b").toAbsolutePath());
    assertThat(Home.resolve(Map.of())).isEqualTo(Path.of(System.getProperty("user.home"), ".hdl"));
  }
}
