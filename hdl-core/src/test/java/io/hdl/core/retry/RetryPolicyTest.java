package io.hdl.core.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.ManualTime;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetryPolicyTest {
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-03-01T12:00:00Z"));

  private RetryPolicy.Builder policy() {
    return RetryPolicy.builder().time(time).seed(42);
  }

  private static HdlException away() {
    return new HdlException(ErrorCode.UNAVAILABLE, "Cannot reach lake: connection refused.");
  }

  @Test
  void returnsTheFirstSuccess() {
    AtomicInteger calls = new AtomicInteger();
    String got =
        policy()
            .build()
            .call(
                "read it",
                attempt -> {
                  assertThat(attempt.number()).isEqualTo(calls.incrementAndGet());
                  if (attempt.number() < 3) {
                    throw away();
                  }
                  return "bytes";
                });
    assertThat(got).isEqualTo("bytes");
    assertThat(calls).hasValue(3);
    assertThat(time.sleeps()).hasSize(2);
  }

  @Test
  void saysHowManyTriesInHowLong() {
    HdlException e =
        catchThrowableOfType(
            HdlException.class,
            () ->
                policy()
                    .maxTries(4)
                    .build()
                    .call(
                        "read abfss://c@a/x",
                        attempt -> {
                          time.advance(Duration.ofSeconds(3));
                          throw away();
                        }));
    double slept = time.sleeps().stream().mapToLong(Duration::toNanos).sum() / 1e9;
    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(e)
        .hasMessage(
            "Cannot read abfss://c@a/x: gave up after 4 tries in %.1f s. The last failure: Cannot"
                + " reach lake: connection refused.",
            12 + slept)
        .hasCauseInstanceOf(HdlException.class);
  }

  @Test
  void passesOnWhatARepetitionWillNotChange() {
    HdlException refused = new HdlException(ErrorCode.REFUSED_BY_SERVICE, "400");
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                policy()
                    .build()
                    .call(
                        "write it",
                        attempt -> {
                          calls.incrementAndGet();
                          throw refused;
                        }))
        .isSameAs(refused);
    assertThat(calls).hasValue(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void wrapsACheckedFailureThatIsNotRepeated() {
    assertThatThrownBy(
            () ->
                policy()
                    .build()
                    .call(
                        "read it",
                        attempt -> {
                          throw new ConnectException("refused");
                        }))
        .isInstanceOf(HdlException.class)
        .hasMessage("Cannot read it: ConnectException: refused")
        .hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void repeatsWhatThePredicateAccepts() {
    HdlException e =
        catchThrowableOfType(
            HdlException.class,
            () ->
                policy()
                    .maxTries(2)
                    .build()
                    .call(
                        "read it",
                        attempt -> {
                          throw new ConnectException("refused");
                        },
                        failure -> failure instanceof IOException));
    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(e.getMessage())
        .startsWith("Cannot read it: gave up after 2 tries in ")
        .endsWith("The last failure: ConnectException: refused");
  }

  @Test
  void waitsAtLeastAsLongAsTheServiceAsks() {
    policy()
        .build()
        .call(
            "read it",
            attempt -> {
              if (attempt.number() == 1) {
                throw new TryLaterException("503", Duration.ofSeconds(17));
              }
              return "";
            });
    assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(17));
  }

  @Test
  void givesUpAtOnceIfTheServiceAsksForMoreThanTheDeadline() {
    assertThatThrownBy(
            () ->
                policy()
                    .build()
                    .call(
                        "read it",
                        attempt -> {
                          throw new TryLaterException("Too many requests.", Duration.ofHours(1));
                        }))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "Cannot read it: gave up after 1 try in 0.0 s; the service asks for a pause of 3600.0 s,"
                + " which passes the deadline of 60.0 s. The last failure: Too many requests.");
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void tellsEachTryTheTimeThatIsLeft() {
    List<Duration> left = new ArrayList<>();
    assertThatThrownBy(
            () ->
                policy()
                    .deadline(Duration.ofSeconds(10))
                    .maxTries(100)
                    .build()
                    .call(
                        "read it",
                        attempt -> {
                          left.add(attempt.remaining());
                          time.advance(Duration.ofSeconds(4));
                          throw away();
                        }))
        .hasMessageContaining("gave up after 3 tries in ")
        .hasMessageContaining("; the next try would pass the deadline of 10.0 s. ");
    assertThat(left.get(0)).isEqualTo(Duration.ofSeconds(10));
    assertThat(left.get(1)).isLessThanOrEqualTo(Duration.ofSeconds(6));
    assertThat(left).hasSize(3);
  }

  @Test
  void stopsWaitingWhenInterrupted() {
    try {
      HdlException e =
          catchThrowableOfType(
              HdlException.class,
              () ->
                  policy()
                      .build()
                      .call(
                          "read it",
                          attempt -> {
                            Thread.currentThread().interrupt();
                            throw away();
                          }));
      assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(e).hasMessage("Cannot read it: the thread was interrupted.");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void stopsWhenTheCallIsInterrupted() {
    try {
      assertThatThrownBy(
              () ->
                  policy()
                      .build()
                      .call(
                          "read it",
                          attempt -> {
                            throw new InterruptedException();
                          },
                          failure -> true))
          .hasMessage("Cannot read it: the thread was interrupted.");
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void neverCallsOnce() {
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                RetryPolicy.never()
                    .call(
                        "read it",
                        attempt -> {
                          calls.incrementAndGet();
                          throw away();
                        }))
        .hasMessageContaining("gave up after 1 try in 0.0 s. ");
    assertThat(calls).hasValue(1);
  }

  static LongStream seeds() {
    return new SplittableRandom(2026).longs(200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyWaitStaysWithinItsBoundAndTheDeadline(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Duration first = Duration.ofMillis(random.nextInt(1, 2_000));
    Duration max = first.plusMillis(random.nextInt(60_000));
    Duration deadline = Duration.ofSeconds(random.nextInt(1, 300));
    int maxTries = random.nextInt(1, 30);
    AtomicInteger calls = new AtomicInteger();
    RetryPolicy policy =
        RetryPolicy.builder()
            .time(time)
            .seed(seed)
            .firstDelay(first)
            .maxDelay(max)
            .deadline(deadline)
            .maxTries(maxTries)
            .build();
    assertThatThrownBy(
            () ->
                policy.call(
                    "read it",
                    attempt -> {
                      calls.incrementAndGet();
                      time.advance(Duration.ofMillis(random.nextInt(3_000)));
                      throw away();
                    }))
        .isInstanceOf(HdlException.class);
    assertThat(calls.get()).isBetween(1, maxTries).isEqualTo(time.sleeps().size() + 1);
    Duration bound = first;
    for (Duration slept : time.sleeps()) {
      assertThat(slept).isBetween(Duration.ZERO, bound.compareTo(max) < 0 ? bound : max);
      bound = bound.multipliedBy(2);
    }
    // The last call may overrun; no call begins after the deadline.
    assertThat(Duration.ofNanos(time.nanoTime())).isLessThan(deadline.plusSeconds(3));
  }

  @Test
  void theSameSeedWaitsTheSame() {
    List<Duration> first = waits(7);
    assertThat(waits(7)).isEqualTo(first).hasSize(4);
    assertThat(waits(8)).isNotEqualTo(first);
  }

  @Test
  void callsOfOnePolicyDoNotWaitInStep() {
    RetryPolicy policy = policy().build();
    assertThatThrownBy(() -> policy.call("read it", RetryPolicyTest::fail));
    assertThatThrownBy(() -> policy.call("read it", RetryPolicyTest::fail));
    assertThat(time.sleeps().subList(0, 4)).isNotEqualTo(time.sleeps().subList(4, 8));
  }

  @Test
  void rejectsSettingsOutOfRange() {
    assertThatThrownBy(() -> policy().maxTries(0))
        .isInstanceOf(HdlException.class)
        .hasMessage("maxTries: 0 (expected: >= 1)");
    assertThatThrownBy(() -> policy().deadline(Duration.ZERO))
        .hasMessage("deadline: PT0S (expected: > 0)");
    assertThatThrownBy(() -> policy().firstDelay(Duration.ofSeconds(-1)))
        .hasMessage("firstDelay: PT-1S (expected: > 0)");
    assertThatThrownBy(() -> policy().firstDelay(Duration.ofMinutes(1)).build())
        .hasMessage("firstDelay: PT1M (expected: at most maxDelay, PT10S)");
  }

  private static List<Duration> waits(long seed) {
    ManualTime own = ManualTime.startingAt(Instant.EPOCH);
    RetryPolicy policy = RetryPolicy.builder().time(own).seed(seed).build();
    assertThatThrownBy(() -> policy.call("read it", RetryPolicyTest::fail));
    return own.sleeps();
  }

  private static String fail(RetryPolicy.Attempt attempt) {
    throw away();
  }
}
