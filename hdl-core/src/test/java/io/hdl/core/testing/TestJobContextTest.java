package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.event.JobEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestJobContextTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path home;

  @Test
  void recordsWhatIsPublished() {
    TestJobContext context =
        TestJobContext.in(home).withClock(Clock.fixed(NOON, ZoneOffset.UTC)).withSeed(7);
    context.notice("left out 3 series");
    context.warning("no server");
    assertThat(context.events().notices()).containsExactly("left out 3 series");
    assertThat(context.events().warnings()).containsExactly("no server");
    assertThat(context.events().all())
        .containsExactly(
            new JobEvent.Notice(NOON, "left out 3 series"),
            new JobEvent.Warning(NOON, "no server"));
    assertThat(context.seed()).isEqualTo(7);
  }

  @Test
  void createsTheRunDirectory() {
    assertThat(TestJobContext.in(home).directory().root())
        .isEqualTo(home.resolve("test-job/run-1"))
        .isDirectory();
  }

  @Test
  void resolvesAPinOnceAndKeepsItForTheContinuedRun() {
    AtomicInteger asked = new AtomicInteger();
    TestJobContext first = TestJobContext.in(home);
    assertThat(first.resumed()).isFalse();
    assertThat(first.pin("version", () -> "v" + asked.incrementAndGet())).isEqualTo("v1");
    TestJobContext second = first.continued();
    assertThat(second.resumed()).isTrue();
    assertThat(second.pin("version", () -> "v" + asked.incrementAndGet())).isEqualTo("v1");
    assertThat(second.pins()).containsEntry("version", "v1");
    assertThat(second.record().pins()).containsEntry("version", "v1");
  }

  @Test
  void theContinuedRunIsNotCancelledByTheFirst() {
    TestJobContext first = TestJobContext.in(home);
    first.cancellation().request("SIGTERM");
    assertThat(first.continued().cancellation().isRequested()).isFalse();
  }

  @Test
  void tracksNowhere() {
    assertThat(TestJobContext.in(home).tracking().link()).isEmpty();
    assertThat(TestJobContext.in(home).tracking().id()).isEqualTo("run-1");
  }
}
