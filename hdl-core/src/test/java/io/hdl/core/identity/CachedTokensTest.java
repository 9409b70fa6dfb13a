package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachedTokensTest {
  private static final List<String> SCOPE = List.of("https://storage.azure.com/.default");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualTime time = ManualTime.startingAt(START);
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile Duration life = Duration.ofHours(1);
  private volatile boolean failing;

  private final TokenSource issuer =
      new TokenSource() {
        @Override
        public AccessToken token(List<String> scopes) {
          int number = fetches.incrementAndGet();
          if (failing) {
            throw new HdlException(ErrorCode.UNAVAILABLE, "Cannot sign in: nobody answers");
          }
          return new AccessToken("a-token-" + number, time.now().plus(life));
        }

        @Override
        public String description() {
          return "the test's identity";
        }
      };

  private CachedTokens cached() {
    return new CachedTokens(issuer, time, Duration.ofSeconds(20));
  }

  private void awaitFetches(int count) {
    await().untilAsserted(() -> assertThat(fetches.get()).isEqualTo(count));
  }

  @Test
  void fetchesOnceForAllWhoAskAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TokenSource slow =
        scopes -> {
          asked.countDown();
          awaitLatch(release);
          return issuer.token(scopes);
        };
    CachedTokens tokens = new CachedTokens(slow, time, Duration.ofSeconds(20));
    ExecutorService threads = Executors.newFixedThreadPool(32);
    try {
      List<Future<AccessToken>> answers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        answers.add(threads.submit(() -> tokens.token(SCOPE)));
      }
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      release.countDown();
      for (Future<AccessToken> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS).value()).isEqualTo("a-token-1");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void keepsTokensOfDifferentScopesApart() {
    CachedTokens tokens = cached();

    assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
    assertThat(tokens.token(List.of("https://vault.azure.net/.default")).value())
        .isEqualTo("a-token-2");
    assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
  }

  @Test
  void renewsAheadOfExpiryWithoutMakingAnyoneWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TokenSource slow =
        scopes -> {
          if (fetches.get() > 0) {
            awaitLatch(release);
          }
          return issuer.token(scopes);
        };
    CachedTokens tokens = new CachedTokens(slow, time, Duration.ofSeconds(20));
    tokens.token(SCOPE);
    time.advance(Duration.ofMinutes(49));
    assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
    assertThat(fetches).hasValue(1);

    time.advance(Duration.ofMinutes(2));
    // Due, and the issuer hangs: the present token is served at once.
    for (int i = 0; i < 5; i++) {
      assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
    }
    release.countDown();
    await().untilAsserted(() -> assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-2"));
    assertThat(fetches).hasValue(2);
  }

  @Test
  void renewsALongLivedTokenAtHalfItsLife() {
    life = Duration.ofHours(24);
    CachedTokens tokens = cached();
    tokens.token(SCOPE);
    time.advance(Duration.ofHours(11));
    tokens.token(SCOPE);
    assertThat(fetches).hasValue(1);

    time.advance(Duration.ofHours(2));
    tokens.token(SCOPE);

    awaitFetches(2);
  }

  @Test
  void neverHandsOutAnExpiredToken() {
    CachedTokens tokens = cached();
    tokens.token(SCOPE);
    time.advance(Duration.ofHours(2));
    failing = true;

    assertThatThrownBy(() -> tokens.token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessage("Cannot sign in: nobody answers");

    failing = false;
    assertThat(tokens.token(SCOPE).expires()).isAfter(time.now());
  }

  @Test
  void servesAValidTokenOnWhileItsRenewalFailsAndSaysSoOnce() {
    List<String> warnings = new CopyOnWriteArrayList<>();
    CachedTokens tokens = new CachedTokens(issuer, time, Duration.ofSeconds(20), warnings::add);
    tokens.token(SCOPE);
    failing = true;
    time.advance(Duration.ofMinutes(51));
    for (int renewal = 2; renewal < 6; renewal++) {
      assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
      awaitFetches(renewal);
      await().atMost(Duration.ofMinutes(1)).until(() -> tokens.isIdle(SCOPE));
      // Not every call tries again: the next try is half a minute away.
      assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
      assertThat(fetches).hasValue(renewal);
      time.advance(Duration.ofSeconds(31));
    }
    failing = false;
    tokens.token(SCOPE);
    await().untilAsserted(() -> assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-6"));
    assertThat(warnings)
        .containsExactly(
            "Cannot renew the token of the test's identity; the present one is used on until"
                + " 2026-01-01T01:00:00Z: Cannot sign in: nobody answers");
  }

  @Test
  void takesTheOldTokenInItsLastMinuteIfTheNewOneFails() {
    CachedTokens tokens = cached();
    tokens.token(SCOPE);
    failing = true;
    time.advance(Duration.ofMinutes(59).plusSeconds(30));

    assertThat(tokens.token(SCOPE).value()).isEqualTo("a-token-1");
    time.advance(Duration.ofSeconds(27));
    assertThatThrownBy(() -> tokens.token(SCOPE)).isInstanceOf(HdlException.class);
  }

  @Test
  void doesNotAskAnIssuerThatGivesTheSameTokenAgainAndAgain() {
    Instant expires = START.plus(Duration.ofHours(1));
    TokenSource same =
        scopes -> {
          fetches.incrementAndGet();
          return new AccessToken("the-same-token", expires);
        };
    CachedTokens tokens = new CachedTokens(same, time, Duration.ofSeconds(20));
    tokens.token(SCOPE);
    time.advance(Duration.ofMinutes(51));
    tokens.token(SCOPE);
    awaitFetches(2);
    await().atMost(Duration.ofMinutes(1)).until(() -> tokens.isIdle(SCOPE));

    // 9 minutes are left: half of them pass before it is worth asking again.
    time.advance(Duration.ofMinutes(4));
    tokens.token(SCOPE);
    assertThat(fetches).hasValue(2);
    time.advance(Duration.ofMinutes(1));
    tokens.token(SCOPE);
    awaitFetches(3);
  }

  @Test
  void waitsNoLongerThanTheLimitForAnIssuerThatHangs() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    TokenSource hanging =
        scopes -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          throw new HdlException(ErrorCode.CANCELLED, "interrupted");
        };
    CachedTokens tokens = new CachedTokens(hanging, time, Duration.ofMillis(100));

    assertThatThrownBy(() -> tokens.token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("a token source of the application's own: no answer within");
    // The fetch that hangs is given up, so that the next call begins a new one.
    await().untilAsserted(() -> assertThat(interrupted.getCount()).isZero());
  }

  @Test
  void tellsAnInterruptedCallerSo() {
    CachedTokens tokens = cached();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> tokens.token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void cachesItselfOnlyOnce() {
    TokenSource tokens = issuer.cached();

    assertThat(tokens.cached()).isSameAs(tokens);
    assertThat(tokens.description()).isEqualTo("the test's identity");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
