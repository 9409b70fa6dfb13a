package io.hdl.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventBusTest {
  private static JobEvent.StepFinished step(int number) {
    return new JobEvent.StepFinished(
        Instant.EPOCH, 1, 20, number, 100_000, number, Duration.ZERO, OptionalDouble.empty());
  }

  @Test
  void deliversInOrderAndClosesListeners() {
    List<Long> heard = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    JobListener listener =
        new JobListener() {
          @Override
          public void on(JobEvent event) {
            heard.add(((JobEvent.StepFinished) event).step());
          }

          @Override
          public void close() {
            closed.add("closed");
          }
        };
    try (EventBus bus = new EventBus("test", List.of(listener), Duration.ofSeconds(10))) {
      for (int i = 1; i <= 1000; i++) {
        bus.publish(step(i));
      }
    }

    assertThat(heard).hasSize(1000).isSorted().doesNotHaveDuplicates();
    assertThat(closed).containsExactly("closed");
  }

  @Test
  void waitsUntilEverythingSoFarWasHeard() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<JobEvent> heard = new CopyOnWriteArrayList<>();
    JobListener slow =
        event -> {
          try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          heard.add(event);
        };
    try (EventBus bus = new EventBus("test", List.of(slow), Duration.ofSeconds(30))) {
      assertThat(bus.awaitHeard(Duration.ZERO)).isTrue();
      bus.publish(step(1));
      bus.publish(step(2));
      assertThat(bus.awaitHeard(Duration.ofMillis(20))).isFalse();
      release.countDown();
      assertThat(bus.awaitHeard(Duration.ofSeconds(30))).isTrue();
      assertThat(heard).hasSize(2);
    }
  }

  @Test
  void dropsOnlyStepsForASlowListener() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<JobEvent> heard = new ArrayList<>();
    JobListener slow =
        event -> {
          try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          heard.add(event);
        };
    EventBus bus = new EventBus("test", List.of(slow), Duration.ofSeconds(30));
    for (int i = 1; i <= 20_000; i++) {
      bus.publish(step(i));
    }
    for (int i = 0; i < 100; i++) {
      bus.publish(new JobEvent.Notice(Instant.EPOCH, "notice " + i));
    }
    release.countDown();
    bus.close();

    assertThat(bus.droppedSteps()).isBetween(9_990L, 10_000L);
    assertThat(heard.stream().filter(JobEvent.Notice.class::isInstance)).hasSize(100);
    assertThat(heard.size() + bus.droppedSteps()).isEqualTo(20_100);
  }

  @Test
  void countsFailuresAndGoesOn() {
    EventBus bus =
        new EventBus(
            "test",
            List.of(
                event -> {
                  throw new IllegalStateException("broken");
                }),
            Duration.ofSeconds(10));
    bus.publish(step(1));
    bus.publish(step(2));
    bus.close();

    assertThat(bus.listenerFailures()).isEqualTo(2);
  }
}
