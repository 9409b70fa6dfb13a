package io.hdl.core.retry;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often and how long a call is repeated: until a deadline, a number of tries, or an error that
 * a repetition will not change.
 *
 * <pre>{@code
 * RetryPolicy policy = RetryPolicy.builder().deadline(Duration.ofMinutes(2)).maxTries(6).build();
 * byte[] body = policy.call("read " + uri, attempt -> client.get(uri, attempt.remaining()));
 * }</pre>
 *
 * <p>Between two tries it waits a random time between nothing and a bound that doubles from {@code
 * firstDelay} to {@code maxDelay} ("full jitter": Brooker, Exponential Backoff And Jitter, AWS
 * 2015), and never less than a service asked for through {@link TryLaterException}. When the
 * deadline would pass while waiting it gives up at once. A running call is not interrupted: it gets
 * the time that is left and bounds itself.
 *
 * <p>What is repeated: an {@link HdlException} that is {@link HdlException#retryable()}, or what a
 * predicate says. Any other failure passes through unchanged (a checked one inside an {@code
 * HdlException}). Immutable and thread-safe.
 */
public final class RetryPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(RetryPolicy.class);

  /**
   * Tells a call where it stands.
   *
   * @param number the number of the try, from 1
   * @param remaining the time that is left until the deadline; the call bounds itself by it
   */
  public record Attempt(int number, Duration remaining) {}

  /** A call that may fail. */
  @FunctionalInterface
  public interface Call<T> {
    /**
     * Does it once.
     *
     * @param attempt its number, from 1, and the time that is left until the deadline
     */
    T run(Attempt attempt) throws Exception;
  }

  private final Duration deadline;
  private final int maxTries;
  private final Duration firstDelay;
  private final Duration maxDelay;
  private final SplittableRandom seeds;
  private final RetryTime time;

  private RetryPolicy(Builder builder) {
    deadline = builder.deadline;
    maxTries = builder.maxTries;
    firstDelay = builder.firstDelay;
    maxDelay = builder.maxDelay;
    seeds = new SplittableRandom(builder.seed);
    time = builder.time;
  }

  /** One minute, 5 tries, waits of up to 200 ms at first and 10 s at last. */
  public static RetryPolicy defaults() {
    return builder().build();
  }

  /** A policy that calls once. */
  public static RetryPolicy never() {
    return builder().maxTries(1).build();
  }

  /** The defaults, to be changed. */
  public static Builder builder() {
    return new Builder();
  }

  /** Time from the first try's start after which none begins. */
  public Duration deadline() {
    return deadline;
  }

  /** The most tries, the first one included. */
  public int maxTries() {
    return maxTries;
  }

  /**
   * Calls until it succeeds, repeating what {@link HdlException#retryable()} allows.
   *
   * @param what what the call does, for messages: {@code read <address>}
   * @throws HdlException with the last failure's code and "gave up after 4 tries in 12.3 s", or
   *     with {@link ErrorCode#CANCELLED} if the thread was interrupted
   */
  public <T> T call(String what, Call<T> call) {
    return call(what, call, e -> e instanceof HdlException failure && failure.retryable());
  }

  /** Calls until it succeeds, repeating the failures that the predicate accepts. */
  public <T> T call(String what, Call<T> call, Predicate<? super Exception> retryable) {
    long start = time.nanoTime();
    SplittableRandom random;
    synchronized (seeds) {
      random = seeds.split();
    }
    for (int tries = 1; ; tries++) {
      Exception failure;
      try {
        return call.run(new Attempt(tries, remaining(start)));
      } catch (InterruptedException e) {
        throw interrupted(what, e);
      } catch (Exception e) {
        failure = e;
      }
      if (!retryable.test(failure)) {
        throw passedOn(what, failure);
      }
      if (tries >= maxTries) {
        throw gaveUp(what, tries, start, "", failure);
      }
      Duration wait = delay(tries, random, failure);
      if (wait.compareTo(remaining(start)) >= 0) {
        throw gaveUp(what, tries, start, beyondDeadline(wait, failure), failure);
      }
      // Its kind alone: what a service says may hold a secret, and a log cannot be cleaned.
      LOG.debug("Cannot {} (try {}): {}; next try in {}", what, tries, kind(failure), wait);
      try {
        time.sleep(wait);
      } catch (InterruptedException e) {
        e.addSuppressed(failure);
        throw interrupted(what, e);
      }
    }
  }

  private Duration remaining(long start) {
    Duration left = deadline.minusNanos(time.nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration delay(int tries, SplittableRandom random, Exception failure) {
    double bound =
        Math.min((double) maxDelay.toNanos(), firstDelay.toNanos() * Math.pow(2, tries - 1));
    Duration jittered = Duration.ofNanos((long) (random.nextDouble() * bound));
    if (failure instanceof TryLaterException later && later.retryAfter().compareTo(jittered) > 0) {
      return later.retryAfter();
    }
    return jittered;
  }

  private String beyondDeadline(Duration wait, Exception failure) {
    return failure instanceof TryLaterException later && later.retryAfter().equals(wait)
        ? "; the service asks for a pause of "
            + seconds(wait)
            + ", which passes the deadline of "
            + seconds(deadline)
        : "; the next try would pass the deadline of " + seconds(deadline);
  }

  private HdlException gaveUp(String what, int tries, long start, String why, Exception failure) {
    String message =
        "Cannot "
            + what
            + ": gave up after "
            + (tries == 1 ? "1 try" : tries + " tries")
            + " in "
            + seconds(Duration.ofNanos(time.nanoTime() - start))
            + why
            + ". The last failure: "
            + describe(failure);
    return new HdlException(codeOf(failure), message, failure);
  }

  private static RuntimeException passedOn(String what, Exception failure) {
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new HdlException(codeOf(failure), "Cannot " + what + ": " + describe(failure), failure);
  }

  private static HdlException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HdlException(
        ErrorCode.CANCELLED, "Cannot " + what + ": the thread was interrupted.", e);
  }

  private static ErrorCode codeOf(Exception failure) {
    if (failure instanceof HdlException known) {
      return known.code();
    }
    return failure instanceof IOException ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
  }

  private static String kind(Exception failure) {
    return failure instanceof HdlException known
        ? known.code().name()
        : failure.getClass().getSimpleName();
  }

  private static String describe(Exception failure) {
    String message = failure.getMessage();
    if (failure instanceof HdlException && message != null) {
      return message;
    }
    String name = failure.getClass().getSimpleName();
    return message == null || message.isBlank() ? name : name + ": " + message;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
  }

  /** Settings of a policy. Not thread-safe. */
  public static final class Builder {
    private Duration deadline = Duration.ofMinutes(1);
    private int maxTries = 5;
    private Duration firstDelay = Duration.ofMillis(200);
    private Duration maxDelay = Duration.ofSeconds(10);
    private long seed = System.nanoTime();
    private RetryTime time = RetryTime.system();

    private Builder() {}

    /** Time from the first try's start after which none begins. */
    public Builder deadline(Duration value) {
      deadline = positive("deadline", value);
      return this;
    }

    /** The most tries, the first one included. */
    public Builder maxTries(int value) {
      if (value < 1) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, "maxTries: " + value + " (expected: >= 1)");
      }
      maxTries = value;
      return this;
    }

    /** The bound of the wait before the second try; it doubles from try to try. */
    public Builder firstDelay(Duration value) {
      firstDelay = positive("firstDelay", value);
      return this;
    }

    /** The bound of every wait; a service may ask for more. */
    public Builder maxDelay(Duration value) {
      maxDelay = positive("maxDelay", value);
      return this;
    }

    /** The seed of the waits; without one they differ from process to process. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** The time to live in. */
    public Builder time(RetryTime value) {
      time = value;
      return this;
    }

    /**
     * The policy.
     *
     * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the first wait's bound is
     *     above that of all waits
     */
    public RetryPolicy build() {
      if (firstDelay.compareTo(maxDelay) > 0) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            "firstDelay: " + firstDelay + " (expected: at most maxDelay, " + maxDelay + ")");
      }
      return new RetryPolicy(this);
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: > 0)");
      }
      return value;
    }
  }
}
